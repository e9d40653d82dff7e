"""Land the histories of one listener: each file once, cleaned, in one run."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from ingestion.errors import InputError
from ingestion.landing import Landing, Manifest
from ingestion.streaming_history import BEFORE, SOURCE, TWICE
from ingestion.streaming_history.files import HistoryFile
from ingestion.streaming_history.listeners import LISTENER, imported_listeners
from ingestion.streaming_history.reading import BrokenFile, Digest, digest, read_items


@dataclass(frozen=True)
class CapturedFile:
    """What became of one file.

    It was landed at `path`; or `skipped` says why none of its items was, or why it is broken: then
    nobody knows how many there are, and none is counted.
    """

    file: HistoryFile
    count_items: int
    path: str | None = None
    skipped: str | None = None
    is_broken: bool = False


class HistoryCapture:
    """One import of a listener's histories that is being landed; it counts from `finish` on."""

    def __init__(self, landing: Landing, user_id: str) -> None:
        former = list(landing.manifests(SOURCE))
        self._landing = landing
        self._user_id = user_id
        self._now = datetime.now(UTC)
        self._run = landing.new_run(SOURCE, self._now)
        self._before = _contents(former, user_id)
        self._now_landed: dict[str, int] = {}
        self._known_problems = [each for manifest in former for each in manifest.problems]

    def add(
        self, files: list[HistoryFile], progress: Callable[[float, float], None]
    ) -> list[CapturedFile]:
        """Land the files that this listener's former imports did not; say what became of each.

        A broken file is noted as a problem of the run and stops no other; InputError if all are
        broken. `progress` is told bytes done and to do.
        """
        captured, done, total = [], 0, sum(file.size for file in files)
        for file in files:
            captured.append(self._capture(file))
            done += file.size
            progress(done, max(total, 1))
        if all(each.is_broken for each in captured):
            first = captured[0]
            others = f" (nor can {len(captured) - 1} others)" if len(captured) > 1 else ""
            raise InputError(f"{first.file.name}: it cannot be read, {first.skipped}{others}.")
        return captured

    def finish(self, time_zone: str) -> None:
        """Say who the listener is and finish the run, unless all of it was known."""
        listener = {"user_id": self._user_id, "display_name": None, "time_zone": time_zone}
        zones = {each.user_id: each.time_zone for each in imported_listeners(self._landing)}
        is_new = bool(self._run.manifest.pages or self._run.manifest.problems)
        if is_new or zones.get(self._user_id) != time_zone:
            self._run.add(LISTENER, json.dumps(listener).encode(), self._now, self._user_id)
            self._run.finish()

    def _capture(self, file: HistoryFile) -> CapturedFile:
        content = Digest("", b"", b"")
        try:
            content = digest(file)
            for known, why in ((self._before, BEFORE), (self._now_landed, TWICE)):
                if content.sha256 in known:
                    return CapturedFile(file, known[content.sha256], skipped=why)
            body, count = read_items(file, content)
        except BrokenFile as broken:
            self._note(file, content, str(broken))
            return CapturedFile(file, 0, skipped=str(broken), is_broken=True)
        if not count:
            return CapturedFile(file, 0)
        self._run.add(
            SOURCE,
            body,
            self._now,
            user_id=self._user_id,
            suffix="parquet",
            file=file.name,
            kind=file.kind.value,
            sha256=content.sha256,
            count_items=count,
        )
        self._now_landed[content.sha256] = count
        return CapturedFile(file, count, path=self._run.manifest.pages[-1].path)

    def _note(self, file: HistoryFile, content: Digest, reason: str) -> None:
        problem = {"user_id": self._user_id, "file": file.name, "kind": file.kind.value}
        problem |= {"sha256": content.sha256, "reason": reason}
        if problem not in self._known_problems:
            self._run.manifest.problems.append(problem)


def _contents(manifests: Iterable[Manifest], user_id: str) -> dict[str, int]:
    """Return the number of items of each file content that was landed for a listener."""
    return {
        page.context["sha256"]: page.context["count_items"]
        for manifest in manifests
        for page in manifest.pages
        if page.user_id == user_id and "sha256" in page.context
    }
