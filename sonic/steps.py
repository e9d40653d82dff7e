"""Show the progress of each stage, and one line with its result."""

import signal
import time
from collections.abc import Callable
from typing import NoReturn

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

Report = Callable[[float, float], None]
Stage = Callable[[Report], str]


class Steps:
    """Runs stages and shows them on a console; the progress bar needs a terminal.

    Python swallows an interrupt inside a destructor or a C callback. It is therefore remembered,
    and ends the run after the stage at the latest.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._is_interrupted = False
        signal.signal(signal.SIGINT, self._interrupt)

    def run(self, title: str, stage: Stage) -> None:
        """Run a stage and print its result and duration.

        Args:
            title: The stage's name on the screen.
            stage: Gets a function to report progress (done, total), and returns one line.

        Raises:
            KeyboardInterrupt: The user interrupted it; the stage's own errors pass through.
        """
        started = time.monotonic()
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description:<26}"),
            BarColumn(bar_width=28),
            TimeElapsedColumn(),
        )
        silent = not self._console.is_terminal
        with Progress(*columns, console=self._console, transient=True, disable=silent) as progress:
            task = progress.add_task(title, total=None)
            outcome = stage(lambda done, total: progress.update(task, completed=done, total=total))
        if self._is_interrupted:
            raise KeyboardInterrupt
        seconds = time.monotonic() - started
        self._console.print(
            f"[green]✓[/] {title:<26} {escape(outcome)} [dim]{seconds:.1f} s[/]",
            highlight=False,
            soft_wrap=True,
        )

    def _interrupt(self, *_: object) -> NoReturn:
        self._is_interrupted = True
        raise KeyboardInterrupt


def counted(count: int, noun: str) -> str:
    """Return a count with its noun: `1 listener`, `2,000 listeners`; the plural ends in s."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
