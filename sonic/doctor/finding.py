"""The result of one check: a line with a mark, and how to fix a problem."""

from dataclasses import dataclass
from enum import Enum


class Mark(Enum):
    """How a finding is shown; only a failure makes the exit code 1."""

    OK = "[green]✓[/]"
    NOTE = "[yellow]–[/]"
    FAILURE = "[red]✗[/]"


@dataclass(frozen=True)
class Finding:
    """One line of `sonic doctor`; `fix` says what to do about a problem."""

    mark: Mark
    what: str
    how_it_is: str
    fix: str = ""
