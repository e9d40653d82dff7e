"""Where ml meets its surroundings: the engine's relations and the folder of the index file.

The only module that knows engines and places; everything else takes and returns frames.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa


def to_pandas(relation: Any) -> pd.DataFrame:
    """The rows of what `dbt.ref` or `session.sql` gives: a DuckDB relation or a Spark DataFrame.

    Spark's come to the driver as Arrow; instants are naive UTC either way.
    """
    if hasattr(relation, "df"):
        frame: pd.DataFrame = relation.df()
        return frame
    rows = relation.toArrow()
    naive = [
        field.with_type(pa.timestamp("us")) if pa.types.is_timestamp(field.type) else field
        for field in rows.schema
    ]
    return rows.cast(pa.schema(naive)).to_pandas(date_as_object=False)


def write(session: Any, rows: pa.Table, table: str) -> None:
    """Replace a Delta table of Spark's catalogue by the rows; naive instants count as UTC."""
    zoned = [
        field.with_type(pa.timestamp("us", "UTC")) if pa.types.is_timestamp(field.type) else field
        for field in rows.schema
    ]
    frame = session.createDataFrame(rows.cast(pa.schema(zoned)))
    writer = frame.write.format("delta").mode("overwrite").option("overwriteSchema", "true")
    writer.saveAsTable(table)


def instant(clock: Any) -> datetime | None:
    """The `as_of` of the run's clock, a relation of one row; None before the first run."""
    return next(iter(to_pandas(clock)["as_of"]), None)


def index_folder(home: str) -> Path:
    """The folder of the index files under Sonic's home."""
    return Path(home) / "index"
