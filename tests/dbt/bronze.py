"""Writes rows into Bronze, in place of the loaders.

The columns are those that ingestion declares, so no test world can differ from the real one; a
column that a row leaves out is null.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from ingestion.load import LOADED_AT
from ingestion.tables import KAGGLE, LISTENERS, RECCOBEATS, SPOTIFY, STREAMING_HISTORY

Rows = Sequence[Mapping[str, Any]]

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


def utc(text: str) -> datetime:
    """Read `YYYY-MM-DD HH:MM[:SS[.mmm]]` as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def captured(rows: Rows, captured_at: datetime, source_file: str) -> Rows:
    """Add to each row where and when it was captured."""
    return [{**row, "captured_at": captured_at, "source_file": source_file} for row in rows]


def load(warehouse: Path, rows: Mapping[str, Rows], loaded_at: datetime) -> None:
    """Append rows to Bronze as one load does; tables without rows are created too."""
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema if not exists bronze")
        for name, schema in SCHEMAS.items():
            table = _table(rows.get(name, []), schema)
            instants = pa.repeat(pa.scalar(loaded_at, LOADED_AT.type), len(table))
            write(connection, f"bronze.{name}", table.append_column(LOADED_AT, instants))


def recommend(warehouse: Path, recommended: Rows) -> None:
    """Write recommendations in place of the Python models, which these tests leave out."""
    rows = [{"confidence": 1 - 0.25 * row["rank"], "model_id": "m1", **row} for row in recommended]
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema if not exists ml")
        write(connection, "ml.ml_recommendations", _table(rows, RECOMMENDATIONS))


def write(connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    """Append an Arrow table to a table of DuckDB; create it if needed."""
    connection.register("arrow_rows", table)
    connection.execute(f"create table if not exists {name} as from arrow_rows limit 0")
    if len(table):
        connection.execute(f"insert into {name} from arrow_rows")
    connection.unregister("arrow_rows")


def _table(rows: Rows, schema: pa.Schema) -> pa.Table:
    nullable = pa.schema([field.with_nullable(True) for field in schema])
    return pa.Table.from_pylist([dict(row) for row in rows], schema=nullable)
