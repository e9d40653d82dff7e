"""The folder that everything is written under, held by one run at a time."""

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from sonic.errors import UserError

Kind = Literal["demo", "real"]


@contextmanager
def held(home: Path) -> Iterator[None]:
    """Open the home folder and hold it for one run; UserError where another run holds it."""
    with opened(home):
        lock = FileLock(home / "run.lock", timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise UserError(
                f"{home}: another run is going on there; wait until it has ended."
            ) from None
        try:
            yield
        finally:
            lock.release()


@contextmanager
def opened(home: Path) -> Iterator[None]:
    """Make the home folder, and let what is logged meanwhile go to `sonic.log` there.

    UserError where the folder cannot be written.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as error:
        raise unwritable(home, os.strerror(error.errno or 0)) from None
    log = logging.FileHandler(home / "sonic.log", delay=True)
    log.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    ours = [logging.getLogger(name) for name in ("ingestion", "sonic")]
    for logger in ours:
        logger.addHandler(log)
        logger.propagate = False
    try:
        yield
    finally:
        for logger in ours:
            logger.removeHandler(log)
        log.close()


def kind_of(home: Path) -> Kind | None:
    """Tell whose listeners the home holds; None before its first run."""
    marker = home / "kind"
    if not marker.exists():
        return None
    return "real" if marker.read_text() == "real" else "demo"


def claim(home: Path, kind: Kind) -> None:
    """Say whose listeners the home is for, once; UserError where it holds those of the other kind.

    So no run of real listeners, nor of the demo, begins in a home of the other kind. An import
    alone does not choose: a home that shows the demo stays the demo's, whatever is imported there.
    """
    former = kind_of(home)
    if not former:
        (home / "kind").write_text(kind)
    elif former != kind:
        other = "the demo's listeners" if kind == "real" else "real listeners"
        raise UserError(f"{home}: it holds {other}; set SONIC_HOME to another folder for this run.")


def unwritable(home: Path, reason: str) -> UserError:
    """Return what is said of a home that cannot be written."""
    return UserError(f"{home}: cannot write there ({reason}); set SONIC_HOME to a folder of yours.")
