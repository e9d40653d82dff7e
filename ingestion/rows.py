"""Rows of several Bronze tables, collected while pages are parsed."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar

import pyarrow as pa
from pydantic import BaseModel, ValidationError

from ingestion.landing import LandedPage, Landing, Manifest
from ingestion.tables import INSTANT

MAX_ITEM_CHARACTERS = 2_000
Model = TypeVar("Model", bound=BaseModel)


class Rows:
    """Collects rows, page by page; invalid items go to `quarantine` with a reason.

    `schemas` are the tables of the source; each also has the columns of the row's origin.
    """

    def __init__(self, source: str, schemas: Mapping[str, pa.Schema]) -> None:
        self._source = source
        self._schemas = schemas
        self._columns = {name: frozenset(schema.names) for name, schema in schemas.items()}
        self._rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._chunks: dict[str, list[pa.Table]] = {
            name: [schema.empty_table()] for name, schema in schemas.items()
        }
        self._origin: dict[str, Any] = {}
        self._page: LandedPage | None = None
        self.count_items = 0

    def begin(self, page: LandedPage) -> None:
        """Set the page that the next rows come from."""
        self._page = page
        self._origin = {
            "source_file": page.path,
            "captured_at": page.instant,
        }

    def add(self, table: str, **columns: Any) -> None:
        """Add one row to a table; raises KeyError for a column that the table does not have."""
        row = columns | self._origin
        if not row.keys() <= self._columns[table]:
            raise KeyError(f"{table} has no column {sorted(row.keys() - self._columns[table])}")
        self._rows[table].append(row)

    def quarantine(self, reason: str, item: Any, position: int = 0) -> None:
        """Add one item to the quarantine, cut to a bounded length."""
        assert self._page is not None, "call begin() first"
        self.add(
            "quarantine",
            source=self._source,
            data_type=self._page.data_type,
            user_id=self._page.user_id,
            reason=reason,
            position=position,
            item=_as_text(item)[:MAX_ITEM_CHARACTERS],
        )

    def quarantine_page(self, reason: str, page: Any) -> None:
        """Add a whole page to the quarantine; it counts as one item."""
        self.count_items += 1
        self.quarantine(reason, page)

    def validated(
        self, model: type[Model], items: Any, *, first_position: int = 0
    ) -> Iterator[tuple[int, Model]]:
        """Yield position and object of each item that fits `model`; quarantine the others."""
        if not isinstance(items, list):
            self.quarantine_page("the page has no list of items", items)
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
        """Add the facts of a capture run, and its own row in the ledger `capture_runs`."""
        as_of = manifest.instant
        self._origin = {"source_file": manifest.run_id, "captured_at": as_of}
        for table, facts in manifest.facts.items():
            for fact in facts:
                self.add(table, **self._with_instants(table, fact))
        self.add(
            "capture_runs",
            run_id=manifest.run_id,
            source=self._source,
            as_of=as_of,
            count_pages=len(manifest.pages),
            count_items=count_items,
        )

    def _with_instants(self, table: str, fact: Mapping[str, Any]) -> dict[str, Any]:
        schema = self._schemas[table]
        return {
            name: datetime.fromisoformat(value) if schema.field(name).type == INSTANT else value
            for name, value in fact.items()
        }

    def compact(self) -> None:
        """Turn the rows so far into Arrow, which needs a tenth of the memory."""
        for name, rows in self._rows.items():
            self._chunks[name].append(pa.Table.from_pylist(rows, schema=self._schemas[name]))
        self._rows.clear()

    def tables(self) -> dict[str, pa.Table]:
        """Return one Arrow table per schema; it may have no rows."""
        self.compact()
        return {name: pa.concat_tables(chunks) for name, chunks in self._chunks.items()}


Parser = Callable[[Any, LandedPage, Rows], None]


PAGES_PER_CHUNK = 500


def parse_runs(
    source: str,
    manifests: list[Manifest],
    landing: Landing,
    parse: Parser,
    schemas: Mapping[str, pa.Schema],
    page_read: Callable[[], None] = lambda: None,
) -> dict[str, pa.Table]:
    """Read the landed pages of some capture runs into one Arrow table per schema.

    `parse` gets a page's JSON, its entry in the manifest, and the rows to add to. `page_read` is
    called after each page.
    """
    rows = Rows(source, schemas)
    for manifest in manifests:
        before = rows.count_items
        for number, page in enumerate(manifest.pages, 1):
            rows.begin(page)
            body = landing.read(page.path)
            try:
                content = json.loads(body)
            except (ValueError, RecursionError):
                rows.quarantine_page("the page is not complete JSON", body.decode(errors="replace"))
            else:
                parse(content, page, rows)
            if number % PAGES_PER_CHUNK == 0:
                rows.compact()
            page_read()
        rows.add_run(manifest, rows.count_items - before)
    return rows.tables()


def _as_text(item: Any) -> str:
    try:
        return json.dumps(item)
    except RecursionError:  # reading it needed less of the stack than writing does
        return "nested too deeply to be shown"


def _reason(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
