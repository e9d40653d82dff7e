"""What an examination finds: one line with a mark, and the mend for what is not well."""

from dataclasses import dataclass
from enum import Enum


class Mark(Enum):
    """How a finding is shown; only a failure makes the exit code 1."""

    OK = "[green]✓[/]"
    NOTE = "[yellow]–[/]"
    FAILURE = "[red]✗[/]"


@dataclass(frozen=True)
class Finding:
    """One line of the examination; `mend` says what to do about it."""

    mark: Mark
    what: str
    how_it_is: str
    fix: str = ""
