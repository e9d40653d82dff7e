"""The differences between two warehouses, row by row."""

from pathlib import Path

import duckdb

SCHEMAS = ("silver", "ml", "gold")
OF_THE_BUILD = ("loaded_at", "touched_at")  # when a row was written
EXAMPLES = 3
RELATIONS = f"""
    select schema_name || '.' || name, list(column_name order by column_index)
    from (
        select schema_name, table_name as name, column_name, column_index
        from duckdb_columns()
        where database_name in ('sonic', 'sonic_gold') and schema_name in {SCHEMAS}
            and column_name not in {OF_THE_BUILD}
    )
    group by all order by all
"""


def differences(increments: Path, refreshed: Path) -> list[str]:
    """Describe where the tables and views of the first home are not those of the second."""
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        columns = {
            side: _copy(connection, side, home)
            for side, home in (("increments", increments), ("refreshed", refreshed))
        }
        found = [
            f"{name}: columns {columns['increments'].get(name)} in increments,"
            f" {columns['refreshed'].get(name)} when refreshed"
            for name in sorted({*columns["increments"], *columns["refreshed"]})
            if columns["increments"].get(name) != columns["refreshed"].get(name)
        ]
        # Silver first: an error there is an error in everything built on it.
        by_layer = sorted(columns["increments"], key=lambda name: SCHEMAS.index(name.split(".")[0]))
        for name in by_layer:
            if columns["increments"][name] == columns["refreshed"].get(name):
                found += _compare(connection, name)
        return found


def _copy(connection: duckdb.DuckDBPyConnection, side: str, home: Path) -> dict[str, list[str]]:
    """Copy a home's tables and views into a schema in memory, and return their columns.

    Views name their database, so only one home can be attached at a time.
    """
    connection.execute(f"attach '{home}/sonic.duckdb' as sonic (read_only)")
    connection.execute(f"attach '{home}/sonic_gold.duckdb' as sonic_gold (read_only)")
    connection.execute(f"create schema {side}")
    columns = dict(connection.execute(RELATIONS).fetchall())
    for name in columns:
        listed = ", ".join(f'"{column}"' for column in columns[name])
        database = "sonic_gold" if name.startswith("gold.") else "sonic"
        connection.execute(
            f'create table memory.{side}."{name}" as select {listed} from {database}.{name}'
        )
    connection.execute("detach sonic")
    connection.execute("detach sonic_gold")
    return columns


def _compare(connection: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    found = []
    for word, left, right in (
        ("missing", "refreshed", "increments"),
        ("too many", "increments", "refreshed"),
    ):
        rows = connection.execute(
            f'from memory.{left}."{name}" except all from memory.{right}."{name}" order by all'
        )
        if (count := len(first := rows.fetchall())) > 0:
            names = [column[0] for column in connection.description or []]
            examples = [dict(zip(names, row, strict=True)) for row in first[:EXAMPLES]]
            lines = "".join(f"\n    {example}" for example in examples)
            found.append(f"{name}: {count} rows {word}{lines}")
    return found
