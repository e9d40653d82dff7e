"""One listener's turn in a capture run: what is asked in their name, and where it lands."""

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
    """An answer without the list that was asked for: ask again in the next run."""


@dataclass(frozen=True)
class Page:
    """A page of a list: its body as it came, and its items, of which only objects are read on.

    `total` is the length of the whole list as the page says, `offset` how many items came before.
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
    """A listener, the API in their name, and the run that is written."""

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
        """Yield the pages of a list; `inside` names the object around it.

        A body that is cut short is landed with its context, and asked for again.
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
        """Land a page unless its list is empty; one without a list is set aside by the parser."""
        if page.items or not page.has_list:
            self.land(data_type, page.body, offset=page.offset, **context)

    def record(self, table: str, **columns: Any) -> None:
        """Record what was found out about the listener."""
        self.run.record(table, user_id=self.user_id, **columns)

    def problem(self, reason: str) -> None:
        """Note what could not be read and waits for the next run."""
        logger.warning("something of %s waits for the next run: %s", self.user_id, reason)
        self.run.manifest.problems.append({"user_id": self.user_id, "reason": reason})

    def record_full_sync(
        self,
        data_type: str,
        started_at: datetime,
        pages: Sequence[Page],
        model: type[BaseModel],
        **of: Any,
    ) -> None:
        """Record that a list was read from end to end, if all of it can be read.

        An item that the parser will set aside would look as if it had been removed, so `model` has
        to accept each; so would what a list that changed meanwhile let slip through.
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
    """Raise Unreadable where a page has no list, or none has an item of those it promised."""
    if not all(page.has_list for page in pages):
        raise Unreadable("a page without a list")
    if pages and pages[0].total and not any(page.items for page in pages):
        raise Unreadable("an empty page in place of a full one")


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
    read = (instant(item.get(field)) for page in pages for item in page.objects)
    return [at for at in read if at and at <= until]


def instant(value: Any) -> datetime | None:
    """Read an ISO 8601 instant with its zone; None for anything else."""
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo else None
