"""The `sonic` command."""

import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from ingestion.errors import InputError, SourceError
from oauth.local_store import TokenStoreError
from sonic.errors import StageError, UserError
from sonic.inputs import check_files, check_landing, parse_as_of
from sonic.settings import Settings, isolate_environment, load_settings

DEFAULT_LOG = Path(os.devnull)  # until the settings say where the home is

AS_OF = typer.Option(metavar="DATE", help="As of the end of this day, 2026-05-31.")
LISTENERS = typer.Option(min=1, max=1000, help="Demo: how many listeners.")
TARGET = typer.Option(
    metavar="ENGINE", help="Build on [cyan]duckdb[/] or on [cyan]spark[/]; SONIC_TARGET by default."
)

app = typer.Typer(
    help="An on-demand Wrapped: any period, the physics of what you hear, and 15 new tracks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


@app.command(
    epilog="Examples: [cyan]sonic run[/] · [cyan]sonic run --listeners 20 --as-of 2026-05-31[/] · "
    "[cyan]sonic run --catalogue tracks_features.csv --playlists playlists.csv[/]"
)
def run(
    catalogue: Annotated[
        Path | None,
        typer.Option(
            help="The pool of tracks: a CSV, zip or Parquet file in the layout of Kaggle's "
            "tracks_features, or [cyan]kaggle[/] to download it."
        ),
    ] = None,
    playlists: Annotated[
        Path | None,
        typer.Option(help="Demo: a CSV of playlists, each of them one listener's taste."),
    ] = None,
    listeners: Annotated[int, LISTENERS] = 5,
    as_of: Annotated[str | None, AS_OF] = None,
    full_refresh: Annotated[
        bool,
        typer.Option(
            "--full-refresh",
            help="Build all tables anew: after an upgrade, or when a seed or var was changed.",
        ),
    ] = False,
    target: Annotated[str | None, TARGET] = None,
) -> None:
    """Run the main job: capture, load, build, recommend, and show the summary."""
    with report_errors(DEFAULT_LOG):
        settings = load_settings(catalogue=catalogue, target=target)
        instant = parse_as_of(as_of)
        check_files(settings, playlists)
    with report_errors(settings.home / "sonic.log"):
        isolate_environment(settings)
        from sonic.job import (
            run as main_job,  # imports dlt and dbt, which `isolate_environment` must come before
        )

        main_job.run(
            settings,
            Console(),
            as_of=instant,
            listeners=listeners,
            playlists=playlists,
            full_refresh=full_refresh,
        )


@app.command(
    epilog="Example, for a cron job every hour: "
    "[cyan]cd /path/to/sonic && .venv/bin/sonic capture[/]"
)
def capture(
    listeners: Annotated[int, LISTENERS] = 5, as_of: Annotated[str | None, AS_OF] = None
) -> None:
    """Land what is new at Spotify; no warehouse is opened, and no other run is waited for."""
    with _ready() as settings:
        from sonic.job import run as main_job

        instant = parse_as_of(as_of)
        check_landing(settings)
        main_job.capture(settings, Console(), as_of=instant, listeners=listeners)


@app.command(epilog="Example: [cyan]sonic load[/]")
def load(as_of: Annotated[str | None, AS_OF] = None) -> None:
    """Load into Bronze what was captured or imported since."""
    with _ready() as settings:
        from sonic.job import run as main_job

        main_job.load(settings, Console(), as_of=parse_as_of(as_of) if as_of else None)


@app.command(epilog="Example: [cyan]sonic replay --replace[/]")
def replay(
    replace: Annotated[
        bool, typer.Option("--replace", help="Empty the tables that come from landing first.")
    ] = False,
    as_of: Annotated[str | None, AS_OF] = None,
) -> None:
    """Load all that was ever captured or imported into an empty Bronze."""
    with _ready() as settings:
        from sonic.job import run as main_job

        instant = parse_as_of(as_of) if as_of else None
        main_job.replay(settings, Console(), as_of=instant, replace=replace)


@app.command(
    epilog="Examples: [cyan]sonic import-history my_spotify_data.zip --listener anna[/] · "
    "[cyan]sonic import-history MyData --listener anna --time-zone Europe/Berlin[/]"
)
def import_history(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="The export's zip, a folder, or files.")
    ],
    listener: Annotated[
        str,
        typer.Option(
            metavar="ID", help="Whose it is: the Spotify user ID, or the link to the profile."
        ),
    ],
    time_zone: Annotated[
        str | None, typer.Option(metavar="ZONE", help="Where the listener lives: Europe/Berlin.")
    ] = None,
) -> None:
    """Import a listener's own data export; again, and no play comes twice."""
    with _ready() as settings:
        from sonic.job import import_history as history

        history.import_history(settings, Console(), paths, listener, time_zone)


@app.command(epilog="Example: [cyan]sonic docs[/]")
def docs() -> None:
    """Write the lineage site (dbt docs, and each column's way from its source), print its pages."""
    with _ready() as settings:
        from sonic.job import run as main_job

        for page in main_job.write_docs(settings):
            Console(soft_wrap=True).print(escape(str(page)))


@app.command(
    epilog="Example: [cyan]sonic run --as-of 2026-05-31[/] · [cyan]sonic run --as-of 2026-05-31 "
    "--target spark[/] · [cyan]sonic compare-engines[/]"
)
def compare_engines() -> None:
    """Say whether DuckDB and Spark built the same rows here, table by table, over every column."""
    with _ready(target="spark") as settings:
        from sonic.engines import compare

        compare.show(settings, Console())


@app.command(
    epilog="Example: [cyan]sonic evaluate --catalogue tracks_features.csv "
    "--playlists playlists.csv[/]"
)
def evaluate(
    catalogue: Annotated[
        Path, typer.Option(help="The pool of tracks, in the layout of Kaggle's tracks_features.")
    ],
    playlists: Annotated[
        Path, typer.Option(help="A CSV with playlist_id and track_id: the listeners to judge by.")
    ],
    train_playlists: Annotated[
        Path | None,
        typer.Option(help="Learn from these, in one process, and judge all of the others at once."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON, all rows of it.")] = False,
    folds: Annotated[
        int, typer.Option(min=2, help="In so many parts, each judged by models of the others.")
    ] = 5,
    seed: Annotated[int, typer.Option(min=0, help="Of all random choices.")] = 15,
    jobs: Annotated[
        int, typer.Option(min=1, help="So many folds at a time, each with the catalogue in memory.")
    ] = 2,
) -> None:
    """Hide a fifth of each playlist, rank the whole catalogue, and say how well that went."""
    with _ready() as settings:
        from sonic.evaluation.command import evaluate as judge
        from sonic.evaluation.evaluation import EvaluationRun

        asked = EvaluationRun(catalogue, playlists, train_playlists, folds, seed, jobs)
        judge(settings, asked, as_json=json)


@app.command(epilog="Example, once a week: [cyan]sonic compact[/]")
def compact(
    hours: Annotated[
        int, typer.Option(min=168, help="Keep what the versions of so many hours need.")
    ] = 168,
) -> None:
    """Join the small files of the Delta tables that Spark built, and remove outdated ones."""
    with _ready(target="spark") as settings:
        from sonic.job import run as main_job

        main_job.compact(settings, Console(), hours=hours)


@app.command(epilog="Example: [cyan]sonic doctor[/]")
def doctor() -> None:
    """Say what is installed, configured and reachable, and how to mend what is not."""
    with report_errors(DEFAULT_LOG):
        settings = load_settings()
        isolate_environment(settings)
        from sonic.doctor.checks import run_checks

        raise typer.Exit(run_checks(settings, Console()))


def main() -> None:
    """Run the command."""
    app()


@contextmanager
def _ready(**overrides: str) -> Iterator[Settings]:
    """Read the settings and contain what writes; dlt and dbt may be imported after it."""
    with report_errors(DEFAULT_LOG):
        settings = load_settings(**overrides)
    with report_errors(settings.home / "sonic.log"):
        isolate_environment(settings)
        yield settings


@contextmanager
def report_errors(log: Path) -> Iterator[None]:
    """Say what went wrong in one line on stderr; what nobody foresaw is told in full in `log`.

    Exit code 2 is a person's mistake, 1 a failed stage, 130 an interrupt.
    """
    try:
        yield
    except (UserError, InputError, TokenStoreError) as error:
        _fail(str(error), code=2)
    except (StageError, SourceError) as error:
        _fail(str(error), code=1)
    except KeyboardInterrupt:
        _fail("interrupted; run it again to go on where it stopped", code=130)
    except typer.Exit:
        raise
    except Exception as error:
        first = next(iter(str(error).splitlines()), "")
        with suppress(OSError), log.open("a") as file:
            traceback.print_exception(error, file=file)
        _fail(f"{type(error).__name__}: {first} (see {log}; `sonic doctor` may help)", code=1)


def _fail(message: str, code: int) -> NoReturn:
    line = f"[red]sonic:[/] {escape(message)}"
    Console(stderr=True, soft_wrap=True).print(line, highlight=False)
    raise typer.Exit(code)
