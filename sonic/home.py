"""The folder that everything is written under, held by one run at a time."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from sonic.errors import UserError


@contextmanager
def held(home: Path) -> Iterator[None]:
    """Make the home folder and hold it for one run; UserError where that cannot be."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as error:
        raise UserError(
            f"{home}: cannot write there ({os.strerror(error.errno or 0)}); "
            "set SONIC_HOME to a folder of yours."
        ) from None
    try:
        with FileLock(home / "run.lock", timeout=0):
            yield
    except Timeout:
        raise UserError(
            f"{home}: another run is going on there; wait until it has ended."
        ) from None
