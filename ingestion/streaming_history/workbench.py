"""A DuckDB in memory over landed histories, a file at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.landing import LandedPage, Landing
from ingestion.streaming_history.kinds import Kind
from ingestion.streaming_history.plays import PLAYS
from ingestion.streaming_history.reading import BATCH_ROWS, MEMORY


@dataclass(frozen=True)
class LandedFile:
    """A landed history, its place among all that are loaded now, and that of its import."""

    number: int
    import_number: int
    page: LandedPage

    @property
    def user_id(self) -> str:
        """Return whose history it is."""
        assert self.page.user_id is not None, "a history is landed for a listener"
        return self.page.user_id


class Workbench:
    """Runs SQL over `plays`, what the items of one landed file mean; use it in a `with`.

    What does not fit into memory goes to the folder `spill`, which is made if need be.
    """

    def __init__(self, landing: Landing, spill: Path) -> None:
        self._landing = landing
        self.connection = duckdb.connect(config={"memory_limit": MEMORY})
        self.connection.execute("set TimeZone = 'UTC'")
        self.connection.execute(f"set temp_directory = '{spill}'")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.connection.close()

    def execute(self, file: LandedFile, sql: str) -> duckdb.DuckDBPyConnection:
        """Run a statement on `plays`; it may use $number and $import_number of the file."""
        landed = pq.ParquetFile(pa.BufferReader(self._landing.read(file.page.path)))
        batches = landed.iter_batches(BATCH_ROWS)
        self.connection.register(
            "items", pa.RecordBatchReader.from_batches(landed.schema_arrow, batches)
        )
        kind = Kind(file.page.context["kind"])
        values = {
            "number": file.number,
            "import_number": file.import_number,
            "user_id": file.user_id,
            "kind": kind.value,
            "family": kind.family,
        }
        used = {name: value for name, value in values.items() if f"${name}" in sql + PLAYS}
        return self.connection.execute(sql.replace("{plays}", f"({PLAYS}) as plays"), used)

    def rows(self, file: LandedFile, sql: str, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Yield what a query finds in batches of a Bronze table, with where they come from."""
        captured_at = datetime.fromisoformat(file.page.captured_at).astimezone(UTC)
        origin: dict[str, Any] = {"source_file": file.page.path, "captured_at": captured_at}
        for batch in self.execute(file, sql).to_arrow_reader(BATCH_ROWS):
            columns = {
                name: pa.repeat(pa.scalar(origin[name], kind), len(batch))
                if name in origin
                else batch[name]
                for name, kind in zip(schema.names, schema.types, strict=True)
            }
            yield pa.RecordBatch.from_pydict(columns, schema=schema)
