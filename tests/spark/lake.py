"""Copies Bronze, and what the Python models wrote, from a DuckDB home into a lake of Delta tables.

So both engines are given the same rows.
"""

from pathlib import Path

import duckdb
from deltalake import write_deltalake

GIVEN = ("bronze", "ml")
TABLES = f"""
    select schema_name, table_name from duckdb_tables() where schema_name in {GIVEN}
    and (schema_name = 'bronze' or table_name = 'ml_recommendations')
"""


def copy_given(warehouse: Path, lake: Path) -> None:
    """Write every table anew that dbt does not build."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for schema, name in connection.execute(TABLES).fetchall():
            rows = connection.execute(
                f"select * replace ({_zoned(connection, schema, name)}) from {schema}.{name}"
            ).to_arrow_table()
            write_deltalake(str(lake / schema / name), rows, mode="overwrite")


def _zoned(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> str:
    """Give every instant its zone, as dlt does; without one it is another type on Spark."""
    columns = connection.execute(f"describe {schema}.{name}").fetchall()
    return ", ".join(
        f'"{column}"::timestamptz as "{column}"'
        for column, type_, *_ in columns
        if type_.startswith("TIMESTAMP")
    )
