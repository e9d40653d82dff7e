"""Keep the Delta tables fast to read: join small files and remove outdated ones."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sonic.steps import counted

if TYPE_CHECKING:  # an extra, not needed for DuckDB
    from pyspark.sql import SparkSession

SCHEMAS = ("bronze", "silver", "ml", "gold")
LISTING = "spark.sql.sources.parallelPartitionDiscovery.parallelism"
LISTING_TASKS = 64  # tables have few folders; by default vacuum starts 10,000 tasks for each


def compact(session: "SparkSession", hours: int, progress: Callable[[float, float], None]) -> str:
    """Compact every Delta table, and remove files that no version of the last `hours` needs.

    Args:
        session: The Spark session of the lake.
        hours: How long files are kept; a query that started earlier may fail.
        progress: Receives the tables done so far, and their number.

    Returns:
        One line with the number of tables and joined files.
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
    """Return the sorted names of a schema's tables, without views; none if it does not exist."""
    if not session.catalog.databaseExists(schema):
        return []
    views = {row.viewName for row in session.sql(f"show views in {schema}").collect()}
    named = {row.tableName for row in session.sql(f"show tables in {schema}").collect()}
    return sorted(named - views)
