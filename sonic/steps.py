"""Show how far each stage is while it works, and one line on what it did when it is done."""

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
    """Runs stages one after the other on a console; where that is no terminal, without a bar.

    An interrupt that hits a destructor or a C callback is swallowed there by Python, so it is
    remembered, and ends the run with the stage at the latest.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._is_interrupted = False
        signal.signal(signal.SIGINT, self._interrupt)

    def run(self, title: str, stage: Stage) -> None:
        """Run one stage under its title; what it raises passes through."""
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
    """Say a number of things: `1 listener`, `2,000 listeners`; the noun's plural takes an s."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
