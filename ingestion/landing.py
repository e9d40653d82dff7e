"""Landing: every API page byte for byte, in files that are written once and never changed."""

import json
from collections.abc import Container, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import count
from secrets import token_hex
from threading import Lock
from typing import Any
from urllib.parse import quote

from ingestion import addresses

SHARED = "_shared"
RUNS = "_runs"
CURSORS = "_cursors"


@dataclass(frozen=True)
class LandedPage:
    """The path of one page, and what was requested.

    `context` holds facts that the page does not contain, such as the playlist of its items.
    """

    path: str
    data_type: str
    user_id: str | None
    captured_at: str
    context: dict[str, Any] = field(default_factory=dict)

    @property
    def instant(self) -> datetime:
        """Return `captured_at` in UTC."""
        return datetime.fromisoformat(self.captured_at).astimezone(UTC)


@dataclass
class Manifest:
    """The result of one capture run.

    `facts` are rows by Bronze table that capture adds and no page contains. `problems` says what
    could not be read and is left for the next run.
    """

    run_id: str
    source: str
    as_of: str
    pages: list[LandedPage] = field(default_factory=list)
    facts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    problems: list[dict[str, str]] = field(default_factory=list)

    @property
    def instant(self) -> datetime:
        """Return `as_of` in UTC."""
        return datetime.fromisoformat(self.as_of).astimezone(UTC)


class Landing:
    """A landing folder.

    Args:
        url: Any fsspec address: a local path, `gs://…`, `abfss://…`.

    Raises:
        InputError: The address cannot be opened.
    """

    def __init__(self, url: str) -> None:
        self._fs, self._root = addresses.open_address(url)

    def new_run(self, source: str, as_of: datetime) -> "Run":
        """Start a capture run; its pages do not count before `Run.finish`.

        Args:
            source: The kind of run, such as `spotify`.
            as_of: The instant that the run describes, with a time zone.

        Returns:
            The run, to add pages to.
        """
        # By the wall clock, not `as_of`: ids sort in the order of the runs, whatever `as_of` is.
        run_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{source}-{token_hex(3)}"
        return Run(self, Manifest(run_id, source, as_of.isoformat()))

    def manifests(
        self, source: str, exclude: Container[str] = (), since: str = ""
    ) -> Iterator[Manifest]:
        """Yield the finished runs of a source.

        Args:
            source: The kind of run, such as `spotify`.
            exclude: Ids of runs to skip.
            since: The first day to look at, YYYYMMDD; folders of earlier days are not listed.

        Yields:
            The manifests, oldest first.
        """
        for day in self._days(source):
            if day.rsplit("/", 1)[-1] >= since:
                for path in self._files(day):
                    if _stem(path) not in exclude:
                        yield self._manifest(path)

    def latest(self, source: str) -> Manifest | None:
        """Return the newest finished run of a source; None if there is none."""
        for day in reversed(self._days(source)):
            if files := self._files(day):  # none if a kill left only a temporary file
                return self._manifest(files[-1])
        return None

    def cursors(self, source: str, user_id: str) -> dict[str, Any]:
        """Return where the next capture of a listener continues; empty before the first one.

        Args:
            source: The kind of run, such as `spotify`.
            user_id: The listener.

        Returns:
            The cursors by name, as written by `move_cursors`.
        """
        try:
            found = json.loads(self._fs.cat_file(f"{self._root}/{_cursor_path(source, user_id)}"))
        except FileNotFoundError:
            return {}
        return found if isinstance(found, dict) else {}

    def move_cursors(self, source: str, user_id: str, cursors: Mapping[str, Any]) -> None:
        """Store where the next capture of a listener continues; call it after `Run.finish`.

        Args:
            source: The kind of run, such as `spotify`.
            user_id: The listener.
            cursors: Values that JSON can hold, by name.
        """
        self.write(_cursor_path(source, user_id), json.dumps(cursors).encode())

    def read(self, path: str) -> bytes:
        """Return a landed page, byte for byte; raises FileNotFoundError if there is none."""
        content: bytes = self._fs.cat_file(f"{self._root}/{path}")
        return content

    def write(self, path: str, content: bytes) -> None:
        """Write a file under a temporary name and rename it, so that no file is incomplete."""
        target = f"{self._root}/{path}"
        self._fs.makedirs(target.rsplit("/", 1)[0], exist_ok=True)
        self._fs.pipe_file(f"{target}.part", content)
        self._fs.mv(f"{target}.part", target)

    def _days(self, source: str) -> list[str]:
        return self._listed(f"{self._root}/{RUNS}/{source}")

    def _files(self, day: str) -> list[str]:
        return [path for path in self._listed(day) if path.endswith(".json")]

    def _listed(self, folder: str) -> list[str]:
        try:
            return sorted(self._fs.ls(folder, detail=False))
        except FileNotFoundError:
            return []

    def _manifest(self, path: str) -> Manifest:
        fields = json.loads(self._fs.cat_file(path))
        fields["pages"] = [LandedPage(**page) for page in fields["pages"]]
        return Manifest(**fields)


class Run:
    """A capture run that is being written; threads may share it. `Landing.new_run` makes one."""

    def __init__(self, landing: Landing, manifest: Manifest) -> None:
        self._landing = landing
        self._lock = Lock()
        self._numbers = count()
        self.manifest = manifest

    def add(
        self,
        data_type: str,
        body: bytes,
        captured_at: datetime,
        user_id: str | None = None,
        suffix: str = "json",
        **context: Any,
    ) -> None:
        """Land one page at `<user_id or _shared>/<data_type>/<date>/<run>-<number>.<suffix>`.

        Args:
            data_type: What the page lists, such as `plays`; it selects the parser.
            body: The page, byte for byte.
            captured_at: When it came, with a time zone.
            user_id: Whose page it is; None if it belongs to no listener.
            suffix: How the file name ends.
            **context: Facts that the page does not contain, as values that JSON can hold.
        """
        with self._lock:
            number = next(self._numbers)
        owner = _folder(user_id) if user_id else SHARED
        folder = f"{owner}/{data_type}/{captured_at:%Y-%m-%d}"
        path = f"{folder}/{self.manifest.run_id}-{number:05d}.{suffix}"
        self._landing.write(path, body)
        page = LandedPage(path, data_type, user_id, captured_at.isoformat(), context)
        with self._lock:
            self.manifest.pages.append(page)

    def record(self, table: str, **columns: Any) -> None:
        """Add one row of a Bronze table to the facts.

        Args:
            table: The name of the table.
            **columns: Its values; instants as ISO 8601 text.
        """
        with self._lock:
            self.manifest.facts.setdefault(table, []).append(columns)

    def finish(self) -> Manifest:
        """Write the manifest unless the run is empty; from then on the run's pages count."""
        manifest = self.manifest
        if manifest.pages or manifest.facts or manifest.problems:
            day = manifest.run_id.partition("T")[0]
            body = json.dumps(asdict(manifest), indent=1).encode()
            self._landing.write(f"{RUNS}/{manifest.source}/{day}/{manifest.run_id}.json", body)
        return manifest


def _stem(path: str) -> str:
    return path.rsplit("/", 1)[-1].removesuffix(".json")


def _cursor_path(source: str, user_id: str) -> str:
    return f"{CURSORS}/{source}/{_folder(user_id)}.json"


def _folder(user_id: str) -> str:
    """Encode a listener's id as the name of a folder or file."""
    return quote(user_id, safe="").replace(".", "%2E")
