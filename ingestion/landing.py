"""Landing: every API page as it came, in files that are written once and never changed."""

import json
from collections.abc import Container
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import count
from threading import Lock
from typing import Any
from urllib.parse import quote

import fsspec

SHARED = "_shared"
RUNS = "_runs"


@dataclass(frozen=True)
class LandedPage:
    """Where one page lies and what was asked for.

    `context` holds what the page itself does not say, such as the playlist that items belong to.
    """

    path: str
    data_type: str
    user_id: str | None
    captured_at: str
    context: dict[str, Any] = field(default_factory=dict)


@dataclass
class Manifest:
    """What one capture run wrote, and the cursors from which the next one goes on.

    `facts` are rows by Bronze table: what capture found out and no page says.
    """

    run_id: str
    source: str
    as_of: str
    pages: list[LandedPage] = field(default_factory=list)
    facts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    cursors: dict[str, Any] = field(default_factory=dict)
    problems: list[dict[str, str]] = field(default_factory=list)


class Landing:
    """A landing folder at any fsspec address: a local path, `gs://`, `abfss://`."""

    def __init__(self, url: str) -> None:
        self._fs, self._root = fsspec.url_to_fs(url)

    def new_run(self, source: str, as_of: datetime) -> "Run":
        """Start a run; nothing of it counts until `Run.finish`."""
        # The wall clock, not `as_of`: runs follow each other whatever day they speak of.
        run_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{source}"
        previous = self.latest(source)
        cursors = previous.cursors if previous else {}
        return Run(self, Manifest(run_id, source, as_of.isoformat(), cursors=cursors))

    def manifests(self, source: str, but: Container[str] = ()) -> list[Manifest]:
        """Return the finished runs of a source, oldest first, `but` those with these ids."""
        return [self._manifest(path) for path in self._runs(source) if _stem(path) not in but]

    def latest(self, source: str) -> Manifest | None:
        """Return the newest finished run of a source."""
        paths = self._runs(source)
        return self._manifest(paths[-1]) if paths else None

    def read(self, path: str) -> bytes:
        """Return a landed page as it came."""
        content: bytes = self._fs.cat_file(f"{self._root}/{path}")
        return content

    def write(self, path: str, content: bytes) -> None:
        """Write a file under a temporary name and rename it, so that none is ever half there."""
        target = f"{self._root}/{path}"
        self._fs.makedirs(target.rsplit("/", 1)[0], exist_ok=True)
        self._fs.pipe_file(f"{target}.part", content)
        self._fs.mv(f"{target}.part", target)

    def _runs(self, source: str) -> list[str]:
        folder = f"{self._root}/{RUNS}/{source}"
        if not self._fs.exists(folder):
            return []
        return sorted(path for path in self._fs.ls(folder, detail=False) if path.endswith(".json"))

    def _manifest(self, path: str) -> Manifest:
        fields = json.loads(self._fs.cat_file(path))
        fields["pages"] = [LandedPage(**page) for page in fields["pages"]]
        return Manifest(**fields)


class Run:
    """One capture run that is being written; several threads may add to it."""

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
        """Land one page at `<user_id or _shared>/<data_type>/<date>/<run>-<number>.<suffix>`."""
        with self._lock:
            number = next(self._numbers)
        owner = quote(user_id, safe="").replace(".", "%2E") if user_id else SHARED
        folder = f"{owner}/{data_type}/{captured_at:%Y-%m-%d}"
        path = f"{folder}/{self.manifest.run_id}-{number:05d}.{suffix}"
        self._landing.write(path, body)
        page = LandedPage(path, data_type, user_id, captured_at.isoformat(), context)
        with self._lock:
            self.manifest.pages.append(page)

    def record(self, table: str, **columns: Any) -> None:
        """Add one row to the facts; instants are ISO 8601 texts."""
        with self._lock:
            self.manifest.facts.setdefault(table, []).append(columns)

    def finish(self) -> Manifest:
        """Write the manifest: from here on the run's pages count and its cursors hold."""
        body = json.dumps(asdict(self.manifest), indent=1).encode()
        self._landing.write(f"{RUNS}/{self.manifest.source}/{self.manifest.run_id}.json", body)
        return self.manifest


def _stem(path: str) -> str:
    return path.rsplit("/", 1)[-1].removesuffix(".json")
