"""Simulated days of capture and load in a process of their own, which a test can kill.

The process writes its progress to a file of marks, one per line: instant, phase, begin or end.
Instants are of the machine's monotonic clock, so that the test can compare them with its own.
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
    """A file with the beginning and the end of each phase."""

    path: Path

    def write(self, phase: str, edge: str) -> None:
        """Add one line; it stays even if the process is killed right after."""
        with self.path.open("a") as file:
            file.write(f"{time.monotonic_ns()} {phase} {edge}\n")

    @contextmanager
    def during(self, phase: str) -> Iterator[None]:
        """Mark the beginning and the end."""
        self.write(phase, "begin")
        yield
        self.write(phase, "end")

    def around(self, owner: type, name: str, phase: str, ending: str = "") -> None:
        """Mark the calls of a method; with `ending`, only for schemas whose name ends with it."""
        method = getattr(owner, name)

        @wraps(method)
        def marked(*args: Any, **options: Any) -> Any:
            if ending and not args[2].name.endswith(ending):
                return method(*args, **options)
            with self.during(phase):
                return method(*args, **options)

        setattr(owner, name, marked)


def live(settings: Settings, until: datetime, marks_path: Path) -> None:
    """Capture and load day after day, from the simulator's current day on.

    An interrupted day is repeated, as a person would start the run again. The phases are capture,
    load, and finish: writing a manifest, completing a dlt package, loading the ledger.
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
