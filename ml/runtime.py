"""Where ml meets its surroundings: the engine's relations and the folder of the index file.

The only module that knows engines and places; everything else takes and returns frames.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd
import pyarrow as pa

Work: TypeAlias = Callable[[str], pa.Table]
Executor: TypeAlias = Callable[[Work, Sequence[str], pa.Schema, Sequence[Path]], pa.Table]


def to_pandas(relation: Any) -> pd.DataFrame:
    """The rows of what `dbt.ref` or `session.sql` gives: a DuckDB relation or a Spark DataFrame.

    Spark's come to the driver as Arrow; instants are naive UTC either way.
    """
    frame: pd.DataFrame
    if hasattr(relation, "df"):
        frame = relation.df()
    else:
        rows = relation.toArrow()
        frame = rows.cast(_with_instants(rows.schema, None)).to_pandas(date_as_object=False)
    return frame


def write(session: Any, rows: pa.Table, table: str) -> None:
    """Replace a Delta table of Spark's catalogue by the rows; naive instants count as UTC."""
    frame = session.createDataFrame(rows.cast(_with_instants(rows.schema, "UTC")))
    writer = frame.write.format("delta").mode("overwrite").option("overwriteSchema", "true")
    writer.saveAsTable(table)


def instant(clock: Any) -> datetime | None:
    """The `as_of` of the run's clock, a relation of one row; None before the first run."""
    return next(iter(to_pandas(clock)["as_of"]), None)


def index_folder(home: str) -> Path:
    """The folder of the index files under Sonic's home."""
    return Path(home) / "index"


def on_threads(
    work: Work,
    keys: Sequence[str],
    schema: pa.Schema,
    files: Sequence[Path],  # noqa: ARG001
) -> pa.Table:
    """Do the work on all cores of this machine; the rows in the order of the keys.

    Threads do: nearly all of the work is done in NumPy, Annoy and LightGBM, without Python's lock.
    """
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return pa.concat_tables([schema.empty_table(), *threads.map(work, keys)])


def executor(session: Any) -> Executor:
    """Who does the work for many keys: this machine or, given a Spark session, its workers.

    The work goes to the workers with all that it holds, the files by their names: see `local_copy`.
    """
    if not hasattr(session, "createDataFrame"):
        return on_threads

    def on_workers(
        work: Work, keys: Sequence[str], schema: pa.Schema, files: Sequence[Path]
    ) -> pa.Table:
        for file in files:
            session.addArtifacts(str(file), file=True)

        def each(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            for batch in batches:
                for key in batch.column(0).to_pylist():
                    yield from work(key).to_batches()

        keys_alone = session.createDataFrame(pa.table({"key": pa.array(keys, pa.string())}))
        parts = int(session.conf.get("spark.sql.shuffle.partitions"))
        rows = keys_alone.repartition(parts).mapInArrow(each, _ddl(schema))
        return rows.toArrow().cast(schema)

    return on_workers


def local_copy(file: Path) -> Path:
    """Where a file lies for whoever works: itself, or the copy that Spark gave to its workers."""
    if file.exists():
        return file
    from pyspark import SparkFiles

    return Path(SparkFiles.get(file.name))


def _with_instants(schema: pa.Schema, zone: str | None) -> pa.Schema:
    instant_type = pa.timestamp("us", zone)
    return pa.schema(
        [
            field.with_type(instant_type) if pa.types.is_timestamp(field.type) else field
            for field in schema
        ]
    )


def _ddl(schema: pa.Schema) -> str:
    names = {pa.string(): "string", pa.int64(): "bigint", pa.float64(): "double"}
    return ", ".join(f"`{field.name}` {names[field.type]}" for field in schema)
