"""The main job: everything from sign-in to the summary, in one process."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from rich.console import Console

from ingestion.landing import Landing
from sonic import demo, stages, summary, transform
from sonic.errors import UserError
from sonic.home import claim, held, kind_of, opened
from sonic.job import Job
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
    """Open a job that can capture, of real listeners or of simulated ones.

    Without credentials, and in a home without real listeners, the simulator stands in for Spotify
    and ReccoBeats, with so many listeners and, where `playlists` names a file, with their tastes.
    `hold` keeps every other run out of the home. UserError for input that cannot be used, before
    anything is written.
    """
    home = held if hold else opened
    if settings.has_credentials or kind_of(settings.home) == "real":
        with home(settings.home):
            claim(settings.home, "real")
            real = Job.open(settings, as_of, lambda: datetime.now(UTC))
            if not real.has_listeners:
                raise UserError(
                    f"{settings.home}: no listener has signed in there yet; `sonic import-history` "
                    "reads a listener's own export."
                )
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


def run(
    settings: Settings,
    console: Console,
    *,
    as_of: datetime,
    listeners: int,
    playlists: Path | None,
) -> None:
    """Run every stage as of an instant and print the summary; see `job` for its listeners."""
    if settings.destination != "duckdb":
        raise UserError(
            f"SONIC_DESTINATION={settings.destination}: `sonic run` builds on DuckDB; call `sonic "
            "capture` and `sonic load` to fill this Bronze."
        )
    with job(
        settings, console, as_of=as_of, listeners=listeners, playlists=playlists
    ) as opened_job:
        steps = Steps(console)
        steps.run("Catalogue", lambda _: stages.load_catalogue(opened_job))
        steps.run("Capture from Spotify", partial(stages.capture_spotify, opened_job))
        steps.run("Load into Bronze", partial(stages.load, opened_job))
        steps.run("Look tracks up", partial(stages.capture_lookups, opened_job))
        steps.run("Capture from ReccoBeats", partial(stages.capture_reccobeats, opened_job))
        steps.run("Load into Bronze", partial(stages.load, opened_job))
        build = partial(transform.build, _log(settings))
        steps.run("Build Silver, ML and Gold", build)
        summary.show(settings, console)


def capture(settings: Settings, console: Console, *, as_of: datetime, listeners: int) -> None:
    """Land what is new at Spotify; it needs no warehouse, and waits for no other run."""
    with job(settings, console, as_of=as_of, listeners=listeners, hold=False) as opened_job:
        Steps(console).run("Capture from Spotify", partial(stages.capture_spotify, opened_job))


def load(settings: Settings, console: Console, *, as_of: datetime | None) -> None:
    """Load what landing holds and Bronze does not, as of the newest capture if of nothing else."""
    with held(settings.home):
        opened_job = _job_on_landing(settings, as_of)
        Steps(console).run("Load into Bronze", partial(stages.load, opened_job))


def replay(settings: Settings, console: Console, *, as_of: datetime | None, replace: bool) -> None:
    """Load all of landing into a Bronze that holds nothing of it, or is emptied first."""
    with held(settings.home):
        opened_job = _job_on_landing(settings, as_of)
        again = partial(stages.replay, opened_job, replace=replace)
        Steps(console).run("Load into Bronze", again)


def _job_on_landing(settings: Settings, as_of: datetime | None) -> Job:
    newest = Landing(settings.landing).latest("spotify")
    captured = datetime.fromisoformat(newest.as_of) if newest else datetime.now(UTC)
    instant = as_of or captured
    return Job.open(settings, instant, lambda: instant)


def write_docs(settings: Settings) -> Path:
    """Write the lineage site of what a run built; UserError where none has run yet."""
    if not settings.gold.exists():
        raise UserError(f"{settings.home}: nothing is built there yet; call `sonic run` first.")
    with held(settings.home):
        return transform.write_docs(settings.home / "dbt" / "target", _log(settings))


def _log(settings: Settings) -> Path:
    return settings.home / "dbt" / "logs" / "dbt.log"
