"""Read the built tables of either engine with queries that name tables without a schema."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

import dlt
import duckdb

from ingestion import destinations
from sonic.engines.bronze import destination
from sonic.settings import Settings

Rows: TypeAlias = list[tuple[Any, ...]]
Reader: TypeAlias = Callable[[str, str], Rows]  # a schema and a query on its tables


@contextmanager
def reader(settings: Settings) -> Iterator[Reader]:
    """Open the built tables; DuckDB reads them on both engines, so Spark is not needed.

    Args:
        settings: Name the home and the engine that built the tables.

    Yields:
        A function of a schema (`gold` or `ml`) and a query, which returns the query's rows.
    """
    if settings.target == "spark":
        yield lambda schema, query: _from_lake(settings, schema, query)
        return
    with duckdb.connect(str(settings.gold), read_only=True) as connection:
        connection.execute(f"attach '{settings.warehouse}' as warehouse (read_only)")
        connection.execute("set search_path = 'sonic_gold.gold,warehouse.ml'")
        yield lambda _, query: connection.execute(query).fetchall()


def _from_lake(settings: Settings, schema: str, query: str) -> Rows:
    pipeline = dlt.pipeline(
        f"read_{schema}",
        pipelines_dir=str(settings.pipelines),
        destination=destination(settings),
        dataset_name=schema,
    )
    with destinations.query(pipeline, query) as found:
        return found.fetchall()
