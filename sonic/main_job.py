"""The main job: everything from sign-in to the summary, in one process."""

from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from sonic import demo, stages, summary, transform
from sonic.errors import UserError
from sonic.home import held
from sonic.settings import Settings
from sonic.stages import Job
from sonic.steps import Steps


def run(
    settings: Settings,
    console: Console,
    *,
    as_of: datetime,
    listeners: int,
    playlists: Path | None,
) -> None:
    """Run every stage as of an instant and print the summary.

    Without credentials the simulator stands in for Spotify and ReccoBeats, with so many listeners
    and, where `playlists` names a file, with their tastes. UserError for input that cannot be
    used, before anything is written.
    """
    if settings.has_credentials:
        with held(settings.home, "real"):
            job = Job.open(settings, as_of, lambda: datetime.now(UTC))
            if not job.connections():
                raise UserError("SONIC_SPOTIFY_APPS is set, but no listener has signed in yet.")
            _stages(job, Steps(console))
            summary.show(settings, console)
        return
    console.print(
        "[bold]Demo:[/] no SONIC_SPOTIFY_APPS is set, so a simulator stands in for Spotify and "
        "ReccoBeats.\n",
        soft_wrap=True,
    )
    with (
        demo.simulated(settings, as_of, listeners, playlists) as simulator,
        held(settings.home, "demo"),
    ):
        job = Job.open(demo.pointed_at(settings, simulator), as_of, lambda: as_of)
        steps = Steps(console)
        steps.run("Sign in", lambda _: demo.sign_in_all(job, simulator))
        _stages(job, steps)
        summary.show(settings, console)


def write_docs(settings: Settings) -> Path:
    """Write the lineage site of what a run built; UserError where none has run yet."""
    if not settings.gold.exists():
        raise UserError(f"{settings.home}: nothing is built there yet; call `sonic run` first.")
    with held(settings.home):
        return transform.write_docs(settings.home / "dbt" / "target", _log(settings))


def _log(settings: Settings) -> Path:
    return settings.home / "dbt" / "logs" / "dbt.log"


def _stages(job: Job, steps: Steps) -> None:
    steps.run("Catalogue", lambda _: stages.load_catalogue(job))
    steps.run("Capture from Spotify", lambda progress: stages.capture_spotify(job, progress))
    steps.run("Load into Bronze", lambda _: stages.load_spotify(job))
    steps.run("Capture from ReccoBeats", lambda progress: stages.capture_reccobeats(job, progress))
    steps.run("Load features", lambda _: stages.load_reccobeats(job))
    steps.run(
        "Build Silver, ML and Gold",
        lambda progress: transform.build(_log(job.settings), progress),
    )
