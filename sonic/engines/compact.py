"""Keep the Delta tables quick to read: join small files, and remove what nobody reads any more."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sonic.steps import counted

if TYPE_CHECKING:  # DuckDB's users do not install it
    from pyspark.sql import SparkSession

SCHEMAS = ("bronze", "silver", "ml", "gold")
LISTING = "spark.sql.sources.parallelPartitionDiscovery.parallelism"
LISTING_TASKS = 64  # for each table, which has few folders; vacuum would start Spark's 10,000


def compact(session: "SparkSession", hours: int, progress: Callable[[float, float], None]) -> str:
    """Compact every Delta table, and remove files that no version of the last `hours` needs.

    A reader that began before then may fail. Returns one line on what was done.
    """
    session.conf.set(LISTING, LISTING_TASKS)
    tables = [f"{schema}.{name}" for schema in SCHEMAS for name in tables_in(session, schema)]
    joined = 0
    for number, table in enumerate(tables):
        progress(number, len(tables))
        (done,) = session.sql(f"optimize {table}").collect()
        joined += done.metrics.numFilesRemoved
        session.sql(f"vacuum {table} retain {hours} hours")
    return f"{counted(len(tables), 'table')}, {counted(joined, 'small file')} joined"


def tables_in(session: "SparkSession", schema: str) -> list[str]:
    """Return the names of a schema's tables, without its views; none where it is not there."""
    if not session.catalog.databaseExists(schema):
        return []
    views = {row.viewName for row in session.sql(f"show views in {schema}").collect()}
    named = {row.tableName for row in session.sql(f"show tables in {schema}").collect()}
    return sorted(named - views)
