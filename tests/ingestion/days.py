"""Simulated days of capture and load in a process of their own, which a test can kill.

What the process is doing is written to a file of marks, one line each: instant, phase, begin or
end. Instants are of the machine's monotonic clock, so that whoever kills can compare.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any

import requests
from dlt.load.load import Load

from ingestion.landing import Run
from sonic.job import stages
from sonic.job.context import Job
from sonic.settings import Settings

LEDGER = "_ledger"


@dataclass(frozen=True)
class Marks:
    """A file to which what is done is written as it begins and ends."""

    path: Path

    def write(self, phase: str, edge: str) -> None:
        """Add one line; it is there even if the process is killed right after."""
        with self.path.open("a") as file:
            file.write(f"{time.monotonic_ns()} {phase} {edge}\n")

    @contextmanager
    def during(self, phase: str) -> Iterator[None]:
        """Mark beginning and end."""
        self.write(phase, "begin")
        yield
        self.write(phase, "end")

    def around(self, owner: type, name: str, phase: str, ending: str = "") -> None:
        """Mark the calls of a method; with `ending`, those for a schema whose name ends so."""
        method = getattr(owner, name)

        @wraps(method)
        def marked(*args: Any, **options: Any) -> Any:
            if ending and not args[2].name.endswith(ending):
                return method(*args, **options)
            with self.during(phase):
                return method(*args, **options)

        setattr(owner, name, marked)


def live(settings: Settings, until: datetime, marks_path: Path) -> None:
    """Capture and load day after day, from the simulator's own day on.

    A day that was interrupted is done again, as whoever starts a run again would do it. The
    phases are capture, load, and finish: the manifest of a capture, and how dlt completes a
    package or loads the one that says what is loaded.
    """
    marks = Marks(marks_path)
    marks.around(Run, "finish", "finish")
    marks.around(Load, "load_single_package", "finish", LEDGER)
    marks.around(Load, "complete_package", "finish")
    control = f"{settings.spotify_accounts_url}/_simulator/clock"
    marks.write("days", "begin")
    while True:
        today = datetime.fromisoformat(requests.get(control, timeout=10).json()["as_of"])
        job = _job(settings, today)
        _capture(job, stages.capture_spotify, marks)
        _load(job, marks)
        _capture(job, stages.capture_reccobeats, marks)
        if today >= until:
            break
        tomorrow = (today + timedelta(days=1)).isoformat()
        requests.put(control, json={"as_of": tomorrow}, timeout=10).raise_for_status()
    _load(job, marks)
    marks.write("days", "end")


def _job(settings: Settings, today: datetime) -> Job:
    return Job.open(settings, today, lambda: today)


def _capture(job: Job, stage: Callable[[Job, stages.Progress], str], marks: Marks) -> None:
    with marks.during("capture"):
        stage(job, lambda *_: None)


def _load(job: Job, marks: Marks) -> None:
    with marks.during("load"):
        stages.load(job, lambda *_: None)
