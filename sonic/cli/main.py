"""The `sonic` command.

Each command imports what it needs when it is called, so that `sonic --help` answers at once.
dlt and dbt read the environment when they are imported, so `_ready` sets it first.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from sonic.cli.errors import NO_LOG, report_errors

if TYPE_CHECKING:
    from sonic.settings import Settings

AS_OF = typer.Option(
    metavar="DATE", help="Run as if at the end of this day (UTC), for example 2026-05-31."
)
LISTENERS = typer.Option(min=1, max=1000, help="Demo: the number of listeners.")
TARGET = typer.Option(
    metavar="ENGINE", help="Build on [cyan]duckdb[/] or [cyan]spark[/]; SONIC_TARGET by default."
)

app = typer.Typer(
    help="Your Wrapped at any time: listening statistics, how the music sounds, and 15 new tracks.",
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
            help="The tracks to recommend from: a CSV, zip or Parquet file in the layout of "
            "Kaggle's tracks_features, or [cyan]kaggle[/] to download it."
        ),
    ] = None,
    playlists: Annotated[
        Path | None,
        typer.Option(help="Demo: a CSV of playlists; each one becomes a listener's taste."),
    ] = None,
    listeners: Annotated[int, LISTENERS] = 5,
    as_of: Annotated[str | None, AS_OF] = None,
    full_refresh: Annotated[
        bool,
        typer.Option(
            "--full-refresh",
            help="Rebuild all tables: after an upgrade, or after a change of a seed or var.",
        ),
    ] = False,
    target: Annotated[str | None, TARGET] = None,
) -> None:
    """Run the main job: capture, load, build, recommend, and show the summary."""
    with report_errors(NO_LOG):
        from sonic.inputs import check_files, parse_as_of
        from sonic.settings import load_settings

        settings = load_settings(catalogue=catalogue, target=target)
        instant = parse_as_of(as_of)
        check_files(settings, playlists)
    with _isolated(settings):
        from sonic.job import run as job

        job.run(
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
    """Capture new data from Spotify, without a warehouse and without waiting for other runs."""
    with _ready() as settings:
        from sonic.inputs import check_landing, parse_as_of
        from sonic.job import run as job

        instant = parse_as_of(as_of)
        check_landing(settings)
        job.capture(settings, Console(), as_of=instant, listeners=listeners)


@app.command(epilog="Example: [cyan]sonic load[/]")
def load(as_of: Annotated[str | None, AS_OF] = None) -> None:
    """Load into Bronze what was captured or imported since the last load."""
    with _ready() as settings:
        from sonic.inputs import parse_as_of
        from sonic.job import run as job

        job.load(settings, Console(), as_of=parse_as_of(as_of) if as_of else None)


@app.command(epilog="Example: [cyan]sonic replay --replace[/]")
def replay(
    replace: Annotated[
        bool, typer.Option("--replace", help="First empty all tables that are loaded from landing.")
    ] = False,
    as_of: Annotated[str | None, AS_OF] = None,
) -> None:
    """Load everything that was ever captured or imported into an empty Bronze."""
    with _ready() as settings:
        from sonic.inputs import parse_as_of
        from sonic.job import run as job

        instant = parse_as_of(as_of) if as_of else None
        job.replay(settings, Console(), as_of=instant, replace=replace)


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
            metavar="ID", help="The export's owner: a Spotify user ID, or the profile's link."
        ),
    ],
    time_zone: Annotated[
        str | None,
        typer.Option(metavar="ZONE", help="The listener's time zone, for example Europe/Berlin."),
    ] = None,
) -> None:
    """Import a listener's own data export; importing it twice duplicates no play."""
    with _ready() as settings:
        from sonic.job.import_history import import_history

        import_history(settings, Console(), paths, listener, time_zone)


@app.command(epilog="Example: [cyan]sonic docs[/]")
def docs() -> None:
    """Write the lineage site: dbt docs, column lineage and the star schema."""
    with _ready() as settings:
        from sonic.job import run as job

        for page in job.write_docs(settings):
            Console(soft_wrap=True).print(escape(str(page)))


@app.command(
    epilog="Example: [cyan]sonic run --as-of 2026-05-31[/] · [cyan]sonic run --as-of 2026-05-31 "
    "--target spark[/] · [cyan]sonic compare-engines[/]"
)
def compare_engines() -> None:
    """Compare what DuckDB and Spark built here, table by table, over every column."""
    with _ready(target="spark") as settings:
        from sonic.engines import compare

        compare.show(settings, Console())


@app.command(
    epilog="Example: [cyan]sonic evaluate --catalogue tracks_features.csv "
    "--playlists playlists.csv[/]"
)
def evaluate(
    catalogue: Annotated[
        Path,
        typer.Option(help="The tracks to rank, in the layout of Kaggle's tracks_features."),
    ],
    playlists: Annotated[
        Path,
        typer.Option(help="A CSV with playlist_id and track_id; each playlist is one listener."),
    ],
    train_playlists: Annotated[
        Path | None,
        typer.Option(help="Train on these playlists, and evaluate all of the others at once."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON with all rows.")] = False,
    folds: Annotated[
        int,
        typer.Option(min=2, help="The number of folds; each model is trained on all but one."),
    ] = 5,
    seed: Annotated[int, typer.Option(min=0, help="The seed of all random choices.")] = 15,
    jobs: Annotated[
        int, typer.Option(min=1, help="Folds at a time; each one holds the catalogue in memory.")
    ] = 2,
) -> None:
    """Hide a fifth of each playlist, rank the whole catalogue, and measure how many are found."""
    with _ready() as settings:
        from sonic.evaluation.command import evaluate
        from sonic.evaluation.evaluation import EvaluationRun

        evaluation = EvaluationRun(catalogue, playlists, train_playlists, folds, seed, jobs)
        evaluate(settings, evaluation, as_json=json)


@app.command(epilog="Example, once a week: [cyan]sonic compact[/]")
def compact(
    hours: Annotated[
        int,
        typer.Option(min=168, help="For how many hours older versions of a table stay readable."),
    ] = 168,
) -> None:
    """Join the small files of the Delta tables that Spark built, and remove outdated ones."""
    with _ready(target="spark") as settings:
        from sonic.job import run as job

        job.compact(settings, Console(), hours=hours)


@app.command(epilog="Example: [cyan]sonic doctor[/]")
def doctor() -> None:
    """Check what is installed, configured and reachable, and say how to fix the rest."""
    with report_errors(NO_LOG):
        from sonic.settings import isolate_environment, load_settings

        settings = load_settings()
        isolate_environment(settings)
        from sonic.doctor.checks import run_checks

        raise typer.Exit(run_checks(settings, Console()))


def main() -> None:
    """Run the command."""
    app()


@contextmanager
def _ready(**overrides: str) -> Iterator["Settings"]:
    """Read the settings and isolate the environment; then dlt and dbt may be imported."""
    with report_errors(NO_LOG):
        from sonic.settings import load_settings

        settings = load_settings(**overrides)
    with _isolated(settings):
        yield settings


@contextmanager
def _isolated(settings: "Settings") -> Iterator[None]:
    with report_errors(settings.home / "sonic.log"):
        from sonic.settings import isolate_environment

        isolate_environment(settings)
        yield
