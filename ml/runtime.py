"""The adapter to the engines: their relations, their workers, and the folder of the index file.

The only module that knows engines and paths; everything else takes and returns frames.
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
    """Read the rows of a relation.

    Args:
        relation: The result of `dbt.ref` or `session.sql`: a DuckDB relation or a Spark DataFrame.

    Returns:
        All rows, on the driver; instants are naive UTC on both engines.
    """
    frame: pd.DataFrame
    if hasattr(relation, "df"):
        frame = relation.df()
    else:
        rows = relation.toArrow()
        frame = rows.cast(_with_instants(rows.schema, None)).to_pandas(date_as_object=False)
    return frame


def write(session: Any, rows: pa.Table, table: str) -> None:
    """Replace a Delta table of Spark's catalogue with these rows.

    Args:
        session: A Spark session.
        rows: Naive instants are read as UTC.
        table: The table's name; its schema is replaced, too.
    """
    frame = session.createDataFrame(rows.cast(_with_instants(rows.schema, "UTC")))
    writer = frame.write.format("delta").mode("overwrite").option("overwriteSchema", "true")
    writer.saveAsTable(table)


def instant(clock: Any) -> datetime | None:
    """Read the run's clock.

    Args:
        clock: A relation with the column `as_of` and at most one row.

    Returns:
        The instant, naive UTC; None before the first run.
    """
    return next(iter(to_pandas(clock)["as_of"]), None)


def index_folder(home: str) -> Path:
    """The folder of the index files.

    Args:
        home: Sonic's home folder.

    Returns:
        `<home>/index`; it may not exist yet.
    """
    return Path(home) / "index"


def on_threads(
    work: Work,
    keys: Sequence[str],
    schema: pa.Schema,
    files: Sequence[Path],  # noqa: ARG001
) -> pa.Table:
    """Do the work on all cores of this machine.

    Threads are enough: NumPy, Annoy and LightGBM do nearly all of the work without Python's lock.

    Args:
        work: From a key to its rows.
        keys: One call of `work` for each.
        schema: Of the rows.
        files: Not used: all threads can read them.

    Returns:
        The rows of all keys, in the order of the keys.
    """
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return pa.concat_tables([schema.empty_table(), *threads.map(work, keys)])


def executor(session: Any) -> Executor:
    """Choose where the work for many keys is done.

    Args:
        session: The engine's session.

    Returns:
        An executor on this machine's threads or, for a Spark session, on Spark's workers. The
        workers receive the pickled work, and the files under their names: see `local_copy`.
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
    """Find a file on this machine.

    Args:
        file: Its path on the driver.

    Returns:
        The same path where it exists; on a Spark worker, the copy that Spark sent.
    """
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
