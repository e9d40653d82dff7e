"""Import a listener's own export, and say what became of every row of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ingestion.streaming_history import SOURCE
from ingestion.streaming_history.capture import CapturedFile, HistoryCapture
from ingestion.streaming_history.files import Found, find_histories
from ingestion.streaming_history.kept import LoadedFile
from ingestion.streaming_history.listeners import check_listener, imported_listeners
from ingestion.streaming_history.loading import load_history
from sonic.home import claim, held, kind_of
from sonic.job import Job
from sonic.settings import Settings
from sonic.steps import Report, Steps

NAMES_SHOWN = 8


@dataclass
class Import:
    """One import of a listener's histories, and what became of each file."""

    job: Job
    found: Found
    user_id: str
    time_zone: str
    captured: list[CapturedFile] = field(default_factory=list)
    loaded: dict[str, LoadedFile] = field(default_factory=dict)

    def capture(self, progress: Report) -> str:
        """Load what an interrupted import left, then land the histories."""
        landing = self.job.landing
        former = load_history(self.job.bronze, landing) if landing.latest(SOURCE) else {}
        capture = HistoryCapture(landing, self.user_id)
        self.captured = capture.add(self.found.histories, progress)
        home = self.job.settings.home
        claim(home, kind_of(home) or "real")
        capture.finish(self.time_zone)
        count = sum(each.count_items for each in self.captured)
        left = sum(each.kept for each in former.values())
        finished = f"; {left:,} plays of an interrupted import finished first" if former else ""
        files = "1 file" if len(self.captured) == 1 else f"{len(self.captured)} files"
        return f"{count:,} rows of {files}{finished}"

    def load(self, _: Report) -> str:
        """Load what was landed."""
        self.loaded = load_history(self.job.bronze, self.job.landing)
        return f"{sum(each.kept for each in self.loaded.values()):,} new plays"

    def outcome(self, file: CapturedFile) -> LoadedFile:
        """Return how many rows of a file were kept, and why the others were not."""
        if file.path:
            return self.loaded[file.path]
        return LoadedFile(skipped=Counter({file.skipped: file.count_items} if file.skipped else {}))


def import_history(
    settings: Settings, console: Console, paths: list[Path], user_id: str, time_zone: str | None
) -> None:
    """Import zips, folders or files as the plays of one listener, and print what was read.

    InputError, before anything is written, for an id, a zone or paths that cannot be used. What an
    interrupted import left to load is loaded first. The home may be one that nothing was run in.
    """
    check_listener(user_id, time_zone)
    found = find_histories(paths)
    with held(settings.home):
        now = datetime.now(UTC)
        job = Job.open(settings, now, lambda: now)
        zone, note = _zone(job, user_id, time_zone)
        imported = Import(job, found, user_id, zone)
        steps = Steps(console)
        steps.run("Read the export", imported.capture)
        steps.run("Load into Bronze", imported.load)
    _show(console, imported, note)


def _zone(job: Job, user_id: str, given: str | None) -> tuple[str, str]:
    """Return the listener's time zone, and what there is to say of it."""
    for connection in job.connections():
        if connection.user_id == user_id:
            zone = connection.time_zone
            ignored = f"{user_id} is signed in with the time zone {zone}, which stays."
            return zone, ignored if given not in (None, zone) else ""
    if given:
        return given, ""
    former = {each.user_id: each.time_zone for each in imported_listeners(job.landing)}
    zone = former.get(user_id, "UTC")
    unknown = "Times of day are in UTC; import again with --time-zone Europe/Berlin to set them."
    return zone, unknown if zone == "UTC" else ""


def _show(console: Console, imported: Import, note: str) -> None:
    outcomes = [(file, imported.outcome(file)) for file in imported.captured]
    console.print()
    console.print(_table(outcomes))
    skipped: Counter[str] = Counter()
    for _, outcome in outcomes:
        skipped += outcome.skipped
    lines = [
        _skipped_line(skipped),
        _kept_line([outcome for _, outcome in outcomes]),
        _others_line(imported.found.others),
        note,
        "Next: sonic run",
    ]
    for line in filter(None, lines):
        console.print(escape(line), soft_wrap=True, highlight=False)


def _table(outcomes: Iterable[tuple[CapturedFile, LoadedFile]]) -> Table:
    table = Table("file", show_footer=True)
    rows = [
        (escape(_base(file.file.name)), file.count_items, outcome.kept, outcome.skipped.total())
        for file, outcome in outcomes
    ]
    totals = [sum(counts) for counts in zip(*(row[1:] for row in rows), strict=True)]
    table.columns[0].footer = "total"
    for name, total in zip(("read", "kept", "skipped"), totals, strict=True):
        table.add_column(name, justify="right", footer=f"{total:,}", no_wrap=True)
    for name, *counts in rows:
        table.add_row(name, *(f"{count:,}" for count in counts))
    return table


def _skipped_line(skipped: Counter[str]) -> str:
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in skipped.most_common())
    return f"Skipped: {reasons}" if reasons else "Nothing was skipped."


def _kept_line(outcomes: list[LoadedFile]) -> str:
    firsts = [each.first_at for each in outcomes if each.first_at]
    lasts = [each.last_at for each in outcomes if each.last_at]
    if not firsts:
        return "No play is new."
    kept = sum(each.kept for each in outcomes)
    episodes = sum(each.count_episodes for each in outcomes)
    return (
        f"Kept: {kept:,} plays from {min(firsts):%Y-%m-%d} to {max(lasts):%Y-%m-%d}, "
        f"{episodes:,} of them podcast episodes"
    )


def _others_line(others: list[str]) -> str:
    names = [_base(each) for each in others]
    more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
    shown = ", ".join(names[:NAMES_SHOWN])
    return f"Left alone, not a streaming history: {shown}{more}" if names else ""


def _base(name: str) -> str:
    return name.rsplit("/", 1)[-1]
