"""Import a listener's own data export, and report what happened to every row."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from ingestion.kaggle.load import held_file
from ingestion.streaming_history import SOURCE
from ingestion.streaming_history.capture import CapturedFile, HistoryCapture
from ingestion.streaming_history.files import Found, Kind, find_histories
from ingestion.streaming_history.listeners import (
    check_time_zone,
    imported_listeners,
    parse_listener,
)
from ingestion.streaming_history.load import LoadedFile, load_history
from sonic.home import claim, held, kind_of
from sonic.inputs import check_landing
from sonic.job.context import Job
from sonic.settings import Settings
from sonic.steps import Report, Steps, counted

NAMES_SHOWN = 8
BOTH_FAMILIES = (
    "The account data and the extended history may contain the same plays; each play counts once."
)
DOWNLOAD_AGAIN = "; download the export again"
DEMO_HOME = "This home shows the demo; set SONIC_HOME to keep real listening apart."


@dataclass
class Import:
    """One import of a listener's histories, with the result for each file."""

    job: Job
    found: Found
    user_id: str
    time_zone: str
    captured: list[CapturedFile] = field(default_factory=list)
    loaded: dict[str, LoadedFile] = field(default_factory=dict)

    def capture(self, progress: Report) -> str:
        """Finish an interrupted import, then land the histories."""
        landing = self.job.landing
        former = load_history(self.job.bronze, landing) if landing.latest(SOURCE) else {}
        capture = HistoryCapture(landing, self.user_id)
        self.captured = capture.add(self.found.histories, progress)
        home = self.job.settings.home
        claim(home, kind_of(home) or "real")
        capture.finish(self.time_zone)
        whole = [each for each in self.captured if not each.is_broken]
        rows = counted(sum(each.count_items for each in whole), "row")
        left = counted(sum(each.kept for each in former.values()), "play")
        finished = f"; {left} of an interrupted import finished first" if former else ""
        return f"{rows} of {counted(len(whole), 'file')}{finished}"

    def load(self, _: Report) -> str:
        """Load the landed histories."""
        self.loaded = load_history(self.job.bronze, self.job.landing)
        return counted(sum(each.kept for each in self.loaded.values()), "new play")

    def families(self) -> set[str]:
        """Return the kinds of exports (families) that were ever imported for the listener."""
        return {
            Kind(page.context["kind"]).family
            for manifest in self.job.landing.manifests(SOURCE)
            for page in manifest.pages
            if page.user_id == self.user_id and "kind" in page.context
        }

    def outcome(self, file: CapturedFile) -> LoadedFile:
        """Return how many rows of a file were kept, and why others were skipped."""
        if file.path:
            return self.loaded[file.path]
        return LoadedFile(skipped=Counter({file.skipped: file.count_items} if file.skipped else {}))


def import_history(
    settings: Settings, console: Console, paths: list[Path], user_id: str, time_zone: str | None
) -> None:
    """Import an export as the plays of one listener, and print a table of its files.

    An interrupted import is finished first.

    Args:
        settings: Name the home, which may be new.
        console: Gets the progress and the table.
        paths: Zips, folders or JSON files.
        user_id: A Spotify user ID, URI or profile link.
        time_zone: An IANA zone such as Europe/Berlin. None keeps the former one, or takes UTC.

    Raises:
        InputError: The ID, the zone or a path cannot be used; nothing is written.
        UserError: Another run holds the home, or it cannot be written.
    """
    user_id = parse_listener(user_id)
    check_time_zone(time_zone)
    check_landing(settings)
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
    """Return the listener's time zone, and a note on it for the user."""
    for connection in job.connections():
        if connection.user_id == user_id:
            zone = connection.time_zone
            ignored = f"{user_id} is signed in with the time zone {zone}, which is kept."
            return zone, ignored if given not in (None, zone) else ""
    former = {each.user_id: each.time_zone for each in imported_listeners(job.landing)}
    zone = given or former.get(user_id, "UTC")
    if user_id in former and zone != former[user_id]:
        return zone, f"The time zone of {user_id} is now {zone}; it was {former[user_id]}."
    unknown = "Times of day are in UTC; import again with --time-zone Europe/Berlin to set them."
    return zone, "" if given or zone != "UTC" else unknown


def _show(console: Console, imported: Import, note: str) -> None:
    whole = [each for each in imported.captured if not each.is_broken]
    outcomes = [(file, imported.outcome(file)) for file in whole]
    console.print()
    console.print(_table(outcomes))
    skipped: Counter[str] = Counter()
    for _, outcome in outcomes:
        skipped += outcome.skipped
    home = imported.job.settings.home
    lines = [
        _skipped_line(skipped),
        _kept_line([outcome for _, outcome in outcomes]),
        BOTH_FAMILIES if len(imported.families()) > 1 else "",
        *_broken_lines(imported),
        _others_line(imported.found.others),
        note,
        DEMO_HOME if kind_of(home) == "demo" else "",
        _next_line(imported.job),
    ]
    for line in filter(None, lines):
        console.print(escape(line), soft_wrap=True, highlight=False)


def _table(outcomes: Sequence[tuple[CapturedFile, LoadedFile]]) -> Table:
    table = Table(Column("file", overflow="fold"), show_footer=True)
    rows = [
        (name, file.count_items, outcome.kept, outcome.skipped.total())
        for name, (file, outcome) in zip(
            _shown([file.file.name for file, _ in outcomes]), outcomes, strict=True
        )
    ]
    totals = [sum(counts) for counts in zip(*(row[1:] for row in rows), strict=True)]
    table.columns[0].footer = "total"
    for name, total in zip(("read", "kept", "skipped"), totals, strict=True):
        table.add_column(name, justify="right", footer=f"{total:,}", no_wrap=True)
    for name, *counts in rows:
        table.add_row(escape(name), *(f"{count:,}" for count in counts))
    return table


def _shown(names: Sequence[str]) -> list[str]:
    """Return the files' names, with their folders where a name is not unique."""
    bases = Counter(map(_base, names))
    return [_base(name) if bases[_base(name)] == 1 else name for name in names]


def _skipped_line(skipped: Counter[str]) -> str:
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in skipped.most_common())
    return f"Skipped: {reasons}" if reasons else "Nothing was skipped."


def _kept_line(outcomes: list[LoadedFile]) -> str:
    firsts = [each.first_at for each in outcomes if each.first_at]
    lasts = [each.last_at for each in outcomes if each.last_at]
    if not firsts:
        return "No new plays."
    kept = counted(sum(each.kept for each in outcomes), "play")
    episodes = counted(sum(each.count_episodes for each in outcomes), "podcast episode")
    return f"Kept: {kept} from {min(firsts):%Y-%m-%d} to {max(lasts):%Y-%m-%d}, with {episodes}"


def _broken_lines(imported: Import) -> list[str]:
    broken = [(each.file.name, str(each.skipped)) for each in imported.captured if each.is_broken]
    broken += [
        (each, "an incomplete zip, or a zip inside a zip") for each in _zips(imported.found.others)
    ]
    return [
        f"Not readable: {name} ({reason if ';' in reason else reason + DOWNLOAD_AGAIN})"
        for name, reason in broken
    ]


def _others_line(others: list[str]) -> str:
    zips = set(_zips(others))
    names = list(dict.fromkeys(_base(each) for each in others if each not in zips))
    more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
    shown = ", ".join(names[:NAMES_SHOWN])
    return f"Ignored, not a streaming history: {shown}{more}" if names else ""


def _next_line(job: Job) -> str:
    settings = job.settings
    if settings.destination != "duckdb":
        return ""
    has_catalogue = (
        settings.catalogue or kind_of(settings.home) == "demo" or held_file(job.bronze) is not None
    )
    return "Next: sonic run" if has_catalogue else "Next: set SONIC_CATALOGUE, then sonic run"


def _base(name: str) -> str:
    return name.rsplit("/", 1)[-1]


def _zips(others: list[str]) -> list[str]:
    return [
        name for name in others if name.lower().endswith(".zip") and not _base(name).startswith(".")
    ]
