"""Puts hand-written days into Bronze, where the loaders would.

The columns are those that ingestion declares, so that no world can drift from the real one; what a
row does not name is null.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from ingestion.load import LOADED_AT
from ingestion.tables import KAGGLE, LISTENERS, RECCOBEATS, SPOTIFY, STREAMING_HISTORY

Rows = Sequence[Mapping[str, Any]]

LOADING_TAKES = timedelta(minutes=5)
SCHEMAS: dict[str, pa.Schema] = {
    **LISTENERS,
    **SPOTIFY,
    **RECCOBEATS,
    **KAGGLE,
    **STREAMING_HISTORY,
}
RECOMMENDATIONS = pa.schema(
    [
        ("as_of", pa.timestamp("us")),
        ("user_id", pa.string()),
        ("rank", pa.int64()),
        ("track_id", pa.string()),
        ("confidence", pa.float64()),
        ("model_id", pa.string()),
        ("reasons", pa.string()),
    ]
)


@dataclass(frozen=True)
class Day:
    """What one run captures and loads, and what the Python models then recommend."""

    captured_at: datetime
    bronze: Mapping[str, Rows]
    recommendations: Rows

    def tables(self) -> dict[str, pa.Table]:
        """Return every table of Bronze with this day's rows, if it has any."""
        unknown = self.bronze.keys() - SCHEMAS.keys()
        assert not unknown, f"ingestion declares no {unknown}"
        return {name: self._table(name, schema) for name, schema in SCHEMAS.items()}

    def _table(self, name: str, schema: pa.Schema) -> pa.Table:
        file = f"{self.captured_at:%Y-%m-%d}/{name}"
        origin = {"source_file": file, "captured_at": self.captured_at}
        table = as_table([{**row, **origin} for row in self.bronze.get(name, [])], schema)
        loaded_at = pa.scalar(self.captured_at + LOADING_TAKES, LOADED_AT.type)
        return table.append_column(LOADED_AT, pa.repeat(loaded_at, len(table)))


def utc(text: str) -> datetime:
    """Read `YYYY-MM-DD HH:MM[:SS[.mmm]]` as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def as_table(rows: Rows, schema: pa.Schema) -> pa.Table:
    """Make a table of rows that may leave columns out, but name no others."""
    unknown = {column for row in rows for column in row} - set(schema.names)
    assert not unknown, f"no such columns: {unknown}"
    nullable = pa.schema([field.with_nullable(True) for field in schema])
    return pa.Table.from_pylist([dict(row) for row in rows], schema=nullable)


def load(day: Day, warehouse: Path) -> None:
    """Append a day to Bronze, and to the recommendations, in the DuckDB file."""
    with duckdb.connect(str(warehouse)) as connection:
        for schema in ("bronze", "ml"):
            connection.execute(f"create schema if not exists {schema}")
        for name, table in day.tables().items():
            _append(connection, f"bronze.{name}", table)
        recommended = as_table(day.recommendations, RECOMMENDATIONS)
        _append(connection, "ml.ml_recommendations", recommended)


def _append(connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    connection.register("arrow_rows", table)
    connection.execute(f"create table if not exists {name} as from arrow_rows limit 0")
    connection.execute(f"insert into {name} from arrow_rows")
    connection.unregister("arrow_rows")
