"""Compare the rows that the two engines built, by content, over every column."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb
from rich.console import Console
from rich.table import Table

from sonic.engines import spark
from sonic.errors import StageError, UserError
from sonic.settings import Settings

if TYPE_CHECKING:  # an extra, not needed for DuckDB
    from pyspark.sql import SparkSession

TOLERANCE = 1e-9  # of two floats, relative to the larger one where that is above 1
# When a row or its inputs were written, and by which run: metadata, not content.
METADATA = ("loaded_at", "touched_at", "measured_at", "run_id")
TABLES = f"""
    select schema_name, table_name, list(column_name order by column_index),
        list(data_type order by column_index)
    from duckdb_columns()
    where database_name in ('sonic', 'sonic_gold') and schema_name in ('silver', 'ml', 'gold')
        and column_name not in {METADATA}
    group by schema_name, table_name
    order by schema_name <> 'silver', schema_name = 'gold', table_name
"""


@dataclass(frozen=True)
class Compared:
    """The result for one table.

    `differing` counts the rows without an equal row on the other engine. `largest` is the largest
    difference of two floats in paired rows. `note` explains a table that was not compared.
    """

    table: str
    rows: int
    spark_rows: int
    differing: int
    largest: float
    note: str = ""


def show(settings: Settings, console: Console) -> None:
    """Compare what both engines built in this home, and print one line per table.

    Raises:
        StageError: A table differs.
        UserError: DuckDB built nothing here, or Spark is not set up.
    """
    if not settings.gold.exists():
        raise UserError(f"{settings.home}: DuckDB built nothing there; run `sonic run` first.")
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("table")
    for name in ("rows", "differing", "largest float difference"):
        table.add_column(name, justify="right")
    different = []
    for each in compare(settings, spark.open_session(settings)):
        mark = f"[red]{each.differing:,}[/] {each.note}" if each.differing else "0"
        table.add_row(each.table, f"{each.rows:,}", mark, f"{each.largest:.1e}")
        different += [each.table] if each.differing else []
    console.print(table)
    if different:
        raise StageError(f"the engines differ in {', '.join(different)}.")


def compare(settings: Settings, session: "SparkSession") -> Iterator[Compared]:
    """Compare every table and view of Silver, ML and Gold that DuckDB built in the home.

    Args:
        settings: Name the home.
        session: A session that knows Spark's tables of the same home.

    Yields:
        The result for each table, Silver first.
    """
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach '{settings.warehouse}' as sonic (read_only)")
        connection.execute(f"attach '{settings.gold}' as sonic_gold (read_only)")
        for schema, name, columns, types in connection.execute(TABLES).fetchall():
            relation = f"{schema}.{name}"
            database = "sonic_gold" if schema == "gold" else "sonic"
            if not session.catalog.tableExists(relation):
                (count,) = _one(connection, f"select count(*) from {database}.{relation}")
                yield Compared(relation, count, 0, count, 0.0, "not on Spark")
                continue
            there = session.table(relation)
            missing = {*columns} ^ ({*there.columns} - {*METADATA})
            if missing:
                note = f"columns on one side only: {', '.join(sorted(missing))}"
                yield Compared(relation, 0, 0, 1, 0.0, note)
                continue
            listed = ", ".join(f'"{column}"' for column in columns)
            cast = ", ".join(
                f'cast("{column}" as {type_}) as "{column}"'
                for column, type_ in zip(columns, types, strict=True)
            )
            connection.register("spark_rows", there.toArrow())
            connection.execute(
                f"create or replace table memory.there as select {cast} from spark_rows"
            )
            connection.unregister("spark_rows")
            connection.execute(
                f"create or replace table memory.here as select {listed} from {database}.{relation}"
            )
            yield _compared(connection, relation, dict(zip(columns, types, strict=True)))


def _compared(
    connection: duckdb.DuckDBPyConnection, relation: str, types: dict[str, str]
) -> Compared:
    """Pair rows that are equal in all columns but floats, in the order of their floats."""
    floats = [f'"{name}"' for name, type_ in types.items() if type_ in ("DOUBLE", "FLOAT")]
    exact = [f'"{name}"' for name in types if f'"{name}"' not in floats]
    numbered = "row_number() over (partition by {} order by {}) as pair".format(
        ", ".join(exact) or "1", ", ".join(floats) or "1"
    )
    same = " and ".join(f"here.{name} is not distinct from there.{name}" for name in exact)
    gaps = [f"abs(here.{name} - there.{name})" for name in floats]
    far = " or ".join(
        f"(here.{name} is null) <> (there.{name} is null)"
        f" or {gap} > {TOLERANCE} * greatest(1, abs(here.{name}), abs(there.{name}))"
        for name, gap in zip(floats, gaps, strict=True)
    )
    paired = "here.pair is not null and there.pair is not null"
    rows, spark_rows, differing, largest = _one(
        connection,
        f"""
        with here as (select *, {numbered} from memory.here),
        there as (select *, {numbered} from memory.there)
        select count(here.pair), count(there.pair),
            count(*) filter (not ({paired}) or {far or "false"}),
            coalesce(max(greatest({", ".join(gaps) or "0"})) filter ({paired}), 0)::double
        from here full join there on here.pair = there.pair and {same or "true"}
        """,
    )
    return Compared(relation, rows, spark_rows, differing, largest)


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    row = connection.execute(sql).fetchone()
    assert row
    return row
