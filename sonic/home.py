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
def held(home: Path, kind: Kind | None = None) -> Iterator[None]:
    """Make the home folder and hold it for one run; what it logs goes to `sonic.log` there.

    A home belongs to the demo or to real listeners, whichever came first, so that invented people
    never stand beside real ones. UserError where the folder cannot be written, is held by another
    run, or is of the other kind.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as error:
        raise unwritable(home, os.strerror(error.errno or 0)) from None
    lock = FileLock(home / "run.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise UserError(
            f"{home}: another run is going on there; wait until it has ended."
        ) from None
    log = logging.FileHandler(home / "sonic.log", delay=True)
    log.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    ours = [logging.getLogger(name) for name in ("ingestion", "sonic")]
    for logger in ours:
        logger.addHandler(log)
        logger.propagate = False
    try:
        if kind:
            _claim(home, kind)
        yield
    finally:
        for logger in ours:
            logger.removeHandler(log)
        log.close()
        lock.release()


def unwritable(home: Path, reason: str) -> UserError:
    """Return what is said of a home that cannot be written."""
    return UserError(f"{home}: cannot write there ({reason}); set SONIC_HOME to a folder of yours.")


def _claim(home: Path, kind: Kind) -> None:
    marker = home / "kind"
    if not marker.exists():
        marker.write_text(kind)
    elif marker.read_text() != kind:
        other = "the demo's listeners" if kind == "real" else "real listeners"
        raise UserError(f"{home}: it holds {other}; set SONIC_HOME to another folder for this run.")
