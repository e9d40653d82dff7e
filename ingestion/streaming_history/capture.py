"""Land the histories of one listener: each file once, without personal fields, in one run."""

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
    """The outcome of one file.

    It was landed at `path`, or `skipped` says why not. A broken file counts no items: their
    number is unknown.
    """

    file: HistoryFile
    count_items: int
    path: str | None = None
    skipped: str | None = None
    is_broken: bool = False


class HistoryCapture:
    """An import of a listener's histories; it counts once `finish` is called.

    Args:
        landing: Gets the files.
        user_id: The listener's Spotify id.
    """

    def __init__(self, landing: Landing, user_id: str) -> None:
        earlier = list(landing.manifests(SOURCE))
        self._landing = landing
        self._user_id = user_id
        self._now = datetime.now(UTC)
        self._run = landing.new_run(SOURCE, self._now)
        self._before = _contents(earlier, user_id)
        self._now_landed: dict[str, int] = {}
        self._known_problems = [each for manifest in earlier for each in manifest.problems]

    def add(
        self, files: list[HistoryFile], progress: Callable[[float, float], None]
    ) -> list[CapturedFile]:
        """Land the files that no earlier import of this listener landed.

        A broken file is noted as a problem of the run and stops no other file.

        Args:
            files: The histories, as of `find_histories`.
            progress: Called with the number of bytes read and the number to read.

        Returns:
            The outcome of each file, in the order of `files`.

        Raises:
            InputError: All files are broken.
        """
        captured, done, total = [], 0, sum(file.size for file in files)
        for file in files:
            captured.append(self._capture(file))
            done += file.size
            progress(done, max(total, 1))
        if all(each.is_broken for each in captured):
            first = captured[0]
            others = f" (and {len(captured) - 1} more)" if len(captured) > 1 else ""
            raise InputError(f"{first.file.name}: it cannot be read, {first.skipped}{others}.")
        return captured

    def finish(self, time_zone: str) -> None:
        """Record the listener and finish the run, unless nothing is new.

        Args:
            time_zone: The listener's IANA time zone.
        """
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
            for known, reason in ((self._before, BEFORE), (self._now_landed, TWICE)):
                if content.sha256 in known:
                    return CapturedFile(file, known[content.sha256], skipped=reason)
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
    """Return the number of items of each file that was landed for a listener, by sha256."""
    return {
        page.context["sha256"]: page.context["count_items"]
        for manifest in manifests
        for page in manifest.pages
        if page.user_id == user_id and "sha256" in page.context
    }
