"""The home folder: everything is written there, and one run at a time holds it."""

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
    """Open the home folder as `opened` does, and hold it for one run.

    Args:
        home: The home folder; it is created.

    Raises:
        UserError: Another run holds it, or it cannot be written.
    """
    with opened(home):
        lock = FileLock(home / "run.lock", timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise UserError(
                f"{home}: another run is in progress there; wait until it has ended."
            ) from None
        try:
            yield
        finally:
            lock.release()


@contextmanager
def opened(home: Path) -> Iterator[None]:
    """Make the home folder, and send our log messages to its `sonic.log` meanwhile.

    Args:
        home: The home folder, of any depth.

    Raises:
        UserError: The folder cannot be written.
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
    """Return whose listeners the home holds, or None before its first run."""
    marker = home / "kind"
    if not marker.exists():
        return None
    return "real" if marker.read_text() == "real" else "demo"


def claim(home: Path, kind: Kind) -> None:
    """Mark the home as the demo's or as real at its first run, so that both never mix.

    A home of the demo stays one, even if an export is imported there.

    Args:
        home: The home folder, which exists.
        kind: Whose listeners this run adds.

    Raises:
        UserError: The home holds listeners of the other kind.
    """
    held_kind = kind_of(home)
    if not held_kind:
        (home / "kind").write_text(kind)
    elif held_kind != kind:
        other = "the demo's listeners" if kind == "real" else "real listeners"
        raise UserError(f"{home}: it holds {other}; set SONIC_HOME to another folder for this run.")


def unwritable(home: Path, reason: str) -> UserError:
    """Return the error for a home that cannot be written.

    Args:
        home: The home folder.
        reason: The operating system's words, such as `Permission denied`.
    """
    return UserError(f"{home}: cannot write there ({reason}); set SONIC_HOME to a folder of yours.")
