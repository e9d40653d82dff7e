"""Keep the Delta tables quick to read: join small files, and remove what nobody reads any more."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sonic.steps import counted

if TYPE_CHECKING:  # DuckDB's users do not install it
    from pyspark.sql import SparkSession

SCHEMAS = ("bronze", "silver", "ml", "gold")


def compact(session: "SparkSession", hours: int, progress: Callable[[float, float], None]) -> str:
    """Compact every Delta table, and remove files that no version of the last `hours` needs.

    A reader that began before then may fail. Returns one line on what was done.
    """
    tables = [
        f"{schema}.{table.name}"
        for schema in SCHEMAS
        if session.catalog.databaseExists(schema)
        for table in session.catalog.listTables(schema)
        if table.tableType in ("MANAGED", "EXTERNAL")
    ]
    joined = 0
    for number, table in enumerate(tables):
        progress(number, len(tables))
        (done,) = session.sql(f"optimize {table}").collect()
        joined += done.metrics.numFilesRemoved
        session.sql(f"vacuum {table} retain {hours} hours")
    return f"{counted(len(tables), 'table')}, {counted(joined, 'small file')} joined"
