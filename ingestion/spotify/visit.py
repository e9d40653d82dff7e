"""One listener's turn in a capture run: what is asked in their name, and where it lands."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from ingestion.http import Api, NextLink
from ingestion.landing import Run

PAGE_SIZE = 50


@dataclass(frozen=True)
class Page:
    """A page of a list: its body as it came, its items that are objects, and the list's length.

    `count_items` counts all of its items.
    """

    body: bytes
    items: list[dict[str, Any]]
    count_items: int
    total: Any


@dataclass(frozen=True)
class Visit:
    """A listener, the API in their name, and the run that is written.

    `problems` says what could not be read and waits for the next run.
    """

    user_id: str
    api: Api
    run: Run
    clock: Callable[[], datetime]
    connected_at: datetime
    market: str | None = None
    problems: list[str] = field(default_factory=list)

    def pages(
        self,
        data_type: str,
        path: str,
        params: Mapping[str, Any] = MappingProxyType({}),
        inside: str | None = None,
    ) -> Iterator[Page]:
        """Yield the pages of a list, without empty ones; `inside` names the object around it."""
        link = NextLink(f"{inside}.next" if inside else "next")
        query = {"limit": PAGE_SIZE, **params}
        for body in self.api.pages(path, query, link, lambda cut: self.land(data_type, cut)):
            content = json.loads(body)
            if inside and isinstance(content, dict):
                content = content.get(inside)
            fields = content if isinstance(content, dict) else {}
            items = fields.get("items")
            if items != []:  # a page without a list is landed too: the parser sets it aside
                listed = items if isinstance(items, list) else []
                objects = [item for item in listed if isinstance(item, dict)]
                yield Page(body, objects, len(listed), fields.get("total"))

    def land(self, data_type: str, body: bytes, **context: Any) -> None:
        """Land one page of the listener."""
        self.run.add(data_type, body, self.clock(), self.user_id, **context)

    def record(self, table: str, **columns: Any) -> None:
        """Record what was found out about the listener."""
        self.run.record(table, user_id=self.user_id, **columns)

    def record_pass(
        self, data_type: str, started_at: datetime, pages: Sequence[Page], **of: Any
    ) -> bool:
        """Record that a list was read from end to end; False if it changed meanwhile."""
        if len({json.dumps(page.total) for page in pages}) > 1:
            return False
        self.record(
            "spotify_full_passes",
            data_type=data_type,
            started_at=started_at.isoformat(),
            count_items=sum(page.count_items for page in pages),
            **of,
        )
        return True


def digest(pages: Iterable[Page]) -> str:
    """Return a checksum of the items of some pages."""
    items = [item for page in pages for item in page.items]
    return checksum(json.dumps(items, sort_keys=True).encode())


def is_text(value: Any) -> bool:
    """Tell whether a value is a text of valid Unicode that is not empty."""
    try:
        return isinstance(value, str) and bool(value.encode())
    except UnicodeEncodeError:
        return False


def checksum(content: bytes) -> str:
    """Return the SHA-256 of some bytes."""
    return hashlib.sha256(content).hexdigest()


def instants(pages: Iterable[Page], field: str, until: datetime) -> list[datetime]:
    """Return what is an instant in a field, and not to come: a cursor there would end capture."""
    read = (instant(item.get(field)) for page in pages for item in page.items)
    return [at for at in read if at and at <= until]


def instant(value: Any) -> datetime | None:
    """Read an ISO 8601 instant with its zone; None for anything else."""
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo else None
