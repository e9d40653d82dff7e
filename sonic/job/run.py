"""The main job: everything from sign-in to the summary, in one process."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from rich.console import Console

from ingestion.errors import SourceError
from ingestion.landing import Landing
from sonic.engines import spark
from sonic.engines.compact import compact as compact_tables
from sonic.errors import UserError
from sonic.home import claim, held, kind_of, opened
from sonic.job import dbt, demo, stages
from sonic.job.context import Job
from sonic.report import summary
from sonic.settings import Settings
from sonic.steps import Steps


@contextmanager
def job(
    settings: Settings,
    console: Console,
    *,
    as_of: datetime,
    listeners: int = 5,
    playlists: Path | None = None,
    hold: bool = True,
) -> Iterator[Job]:
    """Open a job that can capture, for real or simulated listeners.

    The simulator replaces Spotify and ReccoBeats where no app is configured, unless the home holds
    real listeners.

    Args:
        settings: The settings of this run.
        console: Gets a note on the demo and the sign-in.
        as_of: The instant of the run, with a time zone.
        listeners: Demo: the number of listeners.
        playlists: Demo: a CSV of playlists whose tastes the listeners get.
        hold: Whether to keep other runs out of the home.

    Raises:
        InputError: The catalogue or landing cannot be used.
        UserError: Other input cannot be used, the home is held or of the other kind, or no real
            listener has signed in.
    """
    home = held if hold else opened
    if settings.has_credentials or kind_of(settings.home) == "real":
        with home(settings.home):
            real = Job.open(settings, as_of, lambda: datetime.now(UTC))
            if not real.has_listeners:
                raise UserError(
                    f"{settings.home}: no listener has signed in there yet; `sonic import-history` "
                    "imports a listener's own export."
                )
            claim(settings.home, "real")
            yield real
        return
    console.print(
        "[bold]Demo:[/] no SONIC_SPOTIFY_APPS is set, so a simulator stands in for Spotify and "
        "ReccoBeats.\n",
        soft_wrap=True,
    )
    with (
        demo.simulated(settings, as_of, listeners, playlists) as simulator,
        home(settings.home),
    ):
        claim(settings.home, "demo")
        simulated = Job.open(demo.pointed_at(settings, simulator), as_of, lambda: as_of)
        Steps(console).run("Sign in", lambda _: demo.sign_in_all(simulated, simulator))
        yield simulated


@contextmanager
def local_job(settings: Settings, as_of: datetime | None = None) -> Iterator[Job]:
    """Open a job that needs no API, and hold the home.

    Args:
        settings: The settings of this run.
        as_of: The instant of the run; by default the newest capture's, or now.

    Raises:
        InputError: Landing cannot be used.
        UserError: Another run holds the home, or it cannot be written.
    """
    with held(settings.home):
        newest = Landing(settings.landing).latest("spotify")
        captured = newest.instant if newest else datetime.now(UTC)
        instant = as_of or captured
        yield Job.open(settings, instant, lambda: instant)


def run(
    settings: Settings,
    console: Console,
    *,
    as_of: datetime,
    listeners: int,
    playlists: Path | None,
    full_refresh: bool = False,
) -> None:
    """Run every stage and print the summary.

    If Spotify cannot be read, the run still loads and builds what was captured before.

    Args:
        settings: The settings of this run.
        console: Gets the progress and the summary.
        as_of: The instant of the run, with a time zone.
        listeners: Demo: the number of listeners.
        playlists: Demo: a CSV of playlists whose tastes the listeners get.
        full_refresh: Rebuild every table from scratch.

    Raises:
        InputError: The catalogue or landing cannot be used.
        UserError: The settings cannot be used here; see also `job`.
        StageError: The build failed.
        SourceError: Spotify could not be read; raised at the end.
    """
    if settings.target == "duckdb" and settings.destination != "duckdb":
        raise UserError(
            f"SONIC_DESTINATION={settings.destination}: `sonic run` builds on DuckDB; run `sonic "
            "capture` and `sonic load` to fill this Bronze, or `sonic run --target spark` to build "
            "on Delta tables."
        )
    if settings.target == "spark":
        spark.check_installed(settings)
    with (
        job(settings, console, as_of=as_of, listeners=listeners, playlists=playlists) as ready,
        dbt.parsing_ahead(settings.target, settings.home) as parsed,
    ):
        steps = Steps(console)
        build = partial(dbt.build, settings.target, _log(settings), full_refresh)
        failure = _capture(ready, steps)
        load = partial(stages.load, ready)
        steps.run("Load into Bronze", partial(load, sources=stages.CAPTURED))
        steps.run("Look up tracks", partial(stages.capture_lookups, ready))
        steps.run("Capture from ReccoBeats", partial(stages.capture_reccobeats, ready))
        steps.run("Load features", partial(load, sources=stages.LOOKED_UP))
        steps.run("Catalogue", lambda _: stages.load_catalogue(ready))
        parsed()
        steps.run("Build Silver, ML and Gold", build)
        summary.show(settings, console)
    if failure:
        raise failure


def capture(settings: Settings, console: Console, *, as_of: datetime, listeners: int) -> None:
    """Land new data from Spotify, without a warehouse and without waiting for other runs.

    The arguments and errors are those of `job`.

    Raises:
        SourceError: Spotify could be read for no listener.
    """
    with job(settings, console, as_of=as_of, listeners=listeners, hold=False) as ready:
        Steps(console).run("Capture from Spotify", partial(stages.capture_spotify, ready))


def load(settings: Settings, console: Console, *, as_of: datetime | None) -> None:
    """Load what landing holds and Bronze does not; see `local_job` for `as_of` and errors."""
    with local_job(settings, as_of) as ready:
        Steps(console).run("Load into Bronze", partial(stages.load, ready))


def replay(settings: Settings, console: Console, *, as_of: datetime | None, replace: bool) -> None:
    """Load all of landing into an empty Bronze; see `local_job` for `as_of` and errors.

    Raises:
        InputError: Bronze is not empty, and `replace`, which empties it first, is not set.
    """
    with local_job(settings, as_of) as ready:
        again = partial(stages.replay, ready, replace=replace)
        Steps(console).run("Load into Bronze", again)


def _capture(ready: Job, steps: Steps) -> SourceError | None:
    try:
        steps.run("Capture from Spotify", partial(stages.capture_spotify, ready))
    except SourceError as failure:
        return failure
    return None


def write_docs(settings: Settings) -> list[Path]:
    """Write the lineage site of the last run and return its pages.

    Raises:
        StageError: dbt cannot generate its docs.
        UserError: Nothing is built yet, or another run holds the home.
    """
    home = settings.home
    if not settings.gold.exists():
        raise UserError(f"{home}: nothing is built there yet; run `sonic run` first.")
    with held(home):
        return dbt.write_docs(home / "dbt" / "target", home / "docs", _log(settings))


def compact(settings: Settings, console: Console, *, hours: int) -> None:
    """Join the small files of the Delta tables, and remove outdated ones.

    Args:
        settings: Name the home and Spark.
        console: Gets the progress.
        hours: Keep the files that versions of the last hours need; 168 or more.

    Raises:
        UserError: Spark is not set up, or another run holds the home.
    """
    with held(settings.home):
        session = spark.session(str(settings.home))
        Steps(console).run("Compact", partial(compact_tables, session, hours))


def _log(settings: Settings) -> Path:
    return settings.home / "dbt" / "logs" / "dbt.log"
