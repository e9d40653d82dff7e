"""Turns errors into one line on stderr and an exit code."""

import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from ingestion.errors import InputError, SourceError
from oauth.tokens import TokenStoreError
from sonic.errors import StageError, UserError

NO_LOG = Path(os.devnull)  # until the settings name the home folder


@contextmanager
def report_errors(log: Path) -> Iterator[None]:
    """Report an error in one line; unexpected errors go to `log` in full.

    Args:
        log: The file that tracebacks of unexpected errors are appended to.

    Raises:
        typer.Exit: With code 2 for a user's mistake, 1 for a failed stage, 130 for an interrupt.
    """
    try:
        yield
    except (UserError, InputError, TokenStoreError) as error:
        _fail(str(error), code=2)
    except (StageError, SourceError) as error:
        _fail(str(error), code=1)
    except KeyboardInterrupt:
        _fail("interrupted; run the command again to continue where it stopped", code=130)
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
