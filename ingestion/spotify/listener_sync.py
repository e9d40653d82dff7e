"""The sync of one listener: request pages with their token, and land them in a capture run."""

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any, TypeGuard

from pydantic import BaseModel, ValidationError

from ingestion.http import Api, NextLink
from ingestion.landing import Run

logger = logging.getLogger(__name__)

PAGE_SIZE = 50


class Unreadable(RuntimeError):
    """An answer without the list that was requested: request it again in the next run."""


@dataclass(frozen=True)
class Page:
    """A page of a list: its body byte for byte, and its items.

    `total` is the length of the complete list as stated by the page, `offset` the number of items
    on the pages before. `has_list` is False if the page has no list of items.
    """

    body: bytes
    has_list: bool
    items: list[Any]
    total: Any
    offset: int

    @property
    def objects(self) -> list[dict[str, Any]]:
        """Return the items that are objects."""
        return [item for item in self.items if isinstance(item, dict)]


@dataclass(frozen=True)
class ListenerSync:
    """A listener, the API with their token, and the capture run that is written."""

    user_id: str
    api: Api
    run: Run
    clock: Callable[[], datetime]
    connected_at: datetime
    market: str | None = None

    def pages(
        self,
        data_type: str,
        path: str,
        params: Mapping[str, Any] = MappingProxyType({}),
        inside: str | None = None,
        **context: Any,
    ) -> Iterator[Page]:
        """Yield the pages of a list; `inside` names the object around it, if there is one.

        A body that is cut short is landed with its context, and the page is requested again.
        """
        link = NextLink(f"{inside}.next" if inside else "next")
        query = {"limit": PAGE_SIZE, **params}
        offset = 0
        for body in self.api.pages(path, query, link, partial(self.land, data_type, **context)):
            content = json.loads(body)
            if inside and isinstance(content, dict):
                content = content.get(inside)
            fields = content if isinstance(content, dict) else {}
            listed = fields.get("items")
            items = listed if isinstance(listed, list) else []
            page = Page(body, items is listed, items, fields.get("total"), offset)
            yield page
            offset += len(page.items)

    def land(self, data_type: str, body: bytes, **context: Any) -> None:
        """Land one page of the listener."""
        self.run.add(data_type, body, self.clock(), self.user_id, **context)

    def land_page(self, data_type: str, page: Page, **context: Any) -> None:
        """Land a page unless its list is empty; the parser quarantines a page without a list."""
        if page.items or not page.has_list:
            self.land(data_type, page.body, offset=page.offset, **context)

    def record(self, table: str, **columns: Any) -> None:
        """Add a row about the listener to the facts of the run."""
        self.run.record(table, user_id=self.user_id, **columns)

    def problem(self, reason: str) -> None:
        """Note what could not be read and is left for the next run."""
        logger.warning("%s: left for the next run: %s", self.user_id, reason)
        self.run.manifest.problems.append({"user_id": self.user_id, "reason": reason})

    def record_full_sync(
        self,
        data_type: str,
        started_at: datetime,
        pages: Sequence[Page],
        model: type[BaseModel],
        **of: Any,
    ) -> None:
        """Record a full sync of a list, if it is complete and every item is valid.

        An invalid item goes to quarantine and would look removed, so `model` must accept each.
        The number of items must be the stated total: a list that changed meanwhile may lack some.
        """
        items = [item for page in pages for item in page.items]
        totals = {json.dumps(page.total) for page in pages}
        if totals <= {json.dumps(len(items)), "null"} and all(_is_valid(model, i) for i in items):
            self.record(
                "spotify_full_passes",
                data_type=data_type,
                started_at=started_at.isoformat(),
                count_items=len(items),
                **of,
            )


def check_readable(pages: Sequence[Page]) -> None:
    """Raise Unreadable if a page has no list, or all are empty although a total is stated."""
    if not all(page.has_list for page in pages):
        raise Unreadable("a page without a list")
    if pages and pages[0].total and not any(page.items for page in pages):
        raise Unreadable("an empty page instead of a full one")


def _is_valid(model: type[BaseModel], item: Any) -> bool:
    try:
        model.model_validate(item)
    except ValidationError:
        return False
    return True


def digest(pages: Iterable[Page]) -> str:
    """Return a checksum of the items of some pages."""
    return checksum(json.dumps([page.items for page in pages], sort_keys=True).encode())


def checksums(page: Page) -> list[str]:
    """Return a short checksum of each item."""
    return [checksum(json.dumps(item, sort_keys=True).encode())[:16] for item in page.items]


def is_text(value: Any) -> TypeGuard[str]:
    """Whether a value is text, valid as Unicode and not empty."""
    try:
        return isinstance(value, str) and bool(value.encode())
    except UnicodeEncodeError:
        return False


def checksum(content: bytes) -> str:
    """Return the SHA-256 of some bytes."""
    return hashlib.sha256(content).hexdigest()


def instants(pages: Iterable[Page], field: str, until: datetime) -> list[datetime]:
    """Return the valid instants of a field up to `until`: a cursor in the future stops capture."""
    read = (instant(item.get(field)) for page in pages for item in page.objects)
    return [at for at in read if at and at <= until]


def instant(value: Any) -> datetime | None:
    """Read an ISO 8601 instant with its zone; None for anything else."""
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo else None
