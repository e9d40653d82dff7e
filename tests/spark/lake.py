"""Copies Bronze and the recommendations of a DuckDB home into a lake of Delta tables.

Both engines then start from the same rows.
"""

from pathlib import Path

import duckdb
from deltalake import write_deltalake

INPUTS = ("bronze", "ml")
TABLES = f"""
    select schema_name, table_name from duckdb_tables() where schema_name in {INPUTS}
    and (schema_name = 'bronze' or table_name = 'ml_recommendations')
"""


def copy_inputs(warehouse: Path, lake: Path) -> None:
    """Overwrite every table that dbt does not build."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for schema, name in connection.execute(TABLES).fetchall():
            rows = connection.execute(
                f"select * replace ({_zoned(connection, schema, name)}) from {schema}.{name}"
            ).to_arrow_table()
            write_deltalake(str(lake / schema / name), rows, mode="overwrite")


def _zoned(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> str:
    """Give every instant a time zone, as dlt does; without one Spark has another type."""
    columns = connection.execute(f"describe {schema}.{name}").fetchall()
    return ", ".join(
        f'"{column}"::timestamptz as "{column}"'
        for column, type_, *_ in columns
        if type_.startswith("TIMESTAMP")
    )
