"""`dlt pipeline <name> run`: the stages of one pipeline, as `sonic run` runs them."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from dlt.common.configuration.container import Container
from dlt.common.configuration.plugins import SupportsCliCommand, TCliCommandCompose
from dlt.common.configuration.specs.pluggable_run_context import PluggableRunContext
from rich.console import Console

from sonic.cli.errors import NO_LOG, report_errors
from sonic.errors import UserError
from sonic.inputs import check_files, parse_as_of
from sonic.settings import isolate_environment, load_settings

if TYPE_CHECKING:  # slow imports, which `dlt pipeline spotify info` does not need
    from sonic.job.context import Job
    from sonic.steps import Steps

MOST_LISTENERS = 1_000
CAPTURED = ("spotify", "reccobeats")  # from APIs, for the demo's or real listeners
LOCAL = ("kaggle", "streaming_history")  # from files and landing; no listener needed
PIPELINES = CAPTURED + LOCAL


def use_home() -> None:
    """Make dlt's commands find the pipelines of SONIC_HOME, write only there and send nothing."""
    with _exiting(NO_LOG):
        isolate_environment(load_settings())
    Container()[PluggableRunContext].reload()


class RunCommand(SupportsCliCommand):
    """Captures and loads the data of one pipeline."""

    command = "run"
    parent = "pipeline"
    compose: TCliCommandCompose = "replace"
    help_string = "Captures and loads what is new; see `sonic run` for all pipelines and the build"
    description = f"Runs one pipeline of Sonic: {', '.join(PIPELINES)}."
    docs_url = None

    def configure_parser(self, parser: argparse.ArgumentParser) -> None:
        """Add the options that `sonic run` has as well."""
        parser.add_argument(
            "--as-of", metavar="DATE", help="Run as of the end of this day, 2026-05-31"
        )
        parser.add_argument(
            "--listeners", type=_count, default=5, metavar="N", help="Demo: the number of listeners"
        )

    def execute(self, args: argparse.Namespace) -> None:
        """Run the stages; exit with 2 for a user's mistake, 1 for a failure, 130 if interrupted."""
        with _exiting(NO_LOG):
            _check_name(args.pipeline_name)
            settings = load_settings()
            instant = parse_as_of(args.as_of)
            check_files(settings, None)
        with _exiting(settings.home / "sonic.log"):
            from sonic.job import run as main_job
            from sonic.steps import Steps

            console = Console()
            opened = (
                main_job.local_job(settings, instant if args.as_of else None)
                if args.pipeline_name in LOCAL
                else main_job.job(settings, console, as_of=instant, listeners=args.listeners)
            )
            with opened as open_job:
                _run_stages(args.pipeline_name, open_job, Steps(console))


def _check_name(name: str | None) -> None:
    if name is None:
        raise UserError(f"name a pipeline: dlt pipeline <name> run; one of {', '.join(PIPELINES)}.")
    if name not in PIPELINES:
        raise UserError(f"Sonic does not run {name}; it runs {', '.join(PIPELINES)}.")


def _run_stages(name: str, job: "Job", steps: "Steps") -> None:
    from sonic.job import stages

    load = partial(stages.load, job)
    if name == "kaggle":
        steps.run("Catalogue", lambda _: stages.load_catalogue(job))
    elif name == "spotify":
        steps.run("Capture from Spotify", partial(stages.capture_spotify, job))
        steps.run("Load into Bronze", partial(load, sources=stages.SPOTIFY))
        steps.run("Look up tracks", partial(stages.capture_lookups, job))
        steps.run("Load tracks", partial(load, sources=("spotify_lookups",)))
    elif name == "reccobeats":
        steps.run("Capture from ReccoBeats", partial(stages.capture_reccobeats, job))
        steps.run("Load features", partial(load, sources=("reccobeats",)))
    else:
        steps.run("Load into Bronze", partial(load, sources=stages.HISTORY))


def _count(text: str) -> int:
    if text.isdecimal() and 1 <= int(text) <= MOST_LISTENERS:
        return int(text)
    raise argparse.ArgumentTypeError(f"give a number from 1 to {MOST_LISTENERS:,}")


@contextmanager
def _exiting(log: Path) -> Iterator[None]:
    """Turn the exit of `sonic` into one that dlt does not catch."""
    try:
        with report_errors(log):
            yield
    except typer.Exit as end:
        raise SystemExit(end.exit_code) from None
