"""Rows of several Bronze tables, collected while pages are parsed."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

import pyarrow as pa
from pydantic import BaseModel, ValidationError

from ingestion.landing import LandedPage, Landing, Manifest

MAX_ITEM_CHARACTERS = 2_000
Model = TypeVar("Model", bound=BaseModel)


class Rows:
    """Collects rows of one page after the other; bad items go to `quarantine` with a reason.

    `schemas` are the tables of the source; each has a row's columns and those of its origin.
    """

    def __init__(self, source: str, schemas: Mapping[str, pa.Schema]) -> None:
        self._source = source
        self._schemas = schemas
        self._columns = {name: frozenset(schema.names) for name, schema in schemas.items()}
        self._rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._origin: dict[str, Any] = {}
        self._page: LandedPage | None = None
        self.count_items = 0

    def begin(self, page: LandedPage) -> None:
        """Say which page the next rows come from."""
        self._page = page
        self._origin = {
            "source_file": page.path,
            "captured_at": datetime.fromisoformat(page.captured_at).astimezone(UTC),
        }

    def add(self, table: str, **columns: Any) -> None:
        """Add one row to a table; KeyError for a column that the table does not have."""
        row = columns | self._origin
        if not row.keys() <= self._columns[table]:
            raise KeyError(f"{table} has no column {sorted(row.keys() - self._columns[table])}")
        self._rows[table].append(row)

    def quarantine(self, reason: str, item: Any, position: int = 0) -> None:
        """Set one item aside, cut to a bounded length."""
        assert self._page is not None, "begin() names the page first"
        self.add(
            "quarantine",
            source=self._source,
            data_type=self._page.data_type,
            user_id=self._page.user_id,
            reason=reason,
            position=position,
            item=json.dumps(item)[:MAX_ITEM_CHARACTERS],
        )

    def validated(
        self, model: type[Model], items: Any, *, first_position: int = 0
    ) -> Iterator[tuple[int, Model]]:
        """Yield position and object of each item that is as `model` says; quarantine the rest."""
        if not isinstance(items, list):
            self.count_items += 1
            self.quarantine("the page has no list of items", items)
            return
        for position, item in enumerate(items, first_position):
            self.count_items += 1
            try:
                valid = model.model_validate(item)
            except ValidationError as error:
                self.quarantine(_reason(error), item, position)
            else:
                yield position, valid

    def add_run(self, manifest: Manifest, count_items: int) -> None:
        """Record that all pages of a capture run were read."""
        as_of = datetime.fromisoformat(manifest.as_of).astimezone(UTC)
        self._origin = {"source_file": manifest.run_id, "captured_at": as_of}
        self.add(
            "capture_runs",
            run_id=manifest.run_id,
            source=self._source,
            as_of=as_of,
            count_pages=len(manifest.pages),
            count_items=count_items,
        )

    def tables(self) -> dict[str, pa.Table]:
        """Return one Arrow table for each schema, empty where no row came."""
        return {
            name: pa.Table.from_pylist(self._rows[name], schema=schema)
            for name, schema in self._schemas.items()
        }


Parser = Callable[[Any, LandedPage, Rows], None]


def parse_runs(
    source: str,
    manifests: list[Manifest],
    landing: Landing,
    parse: Parser,
    schemas: Mapping[str, pa.Schema],
) -> dict[str, pa.Table]:
    """Read the landed pages of some capture runs into one Arrow table for each schema.

    `parse` gets a page's JSON, what is known of it, and the rows to add to.
    """
    rows = Rows(source, schemas)
    for manifest in manifests:
        before = rows.count_items
        for page in manifest.pages:
            rows.begin(page)
            parse(json.loads(landing.read(page.path)), page, rows)
        rows.add_run(manifest, rows.count_items - before)
    return rows.tables()


def _reason(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
