"""The golden world built by DuckDB, and the T-SQL of its models over the same inputs."""

import duckdb

from tests.dbt.conftest import Warehouse
from tests.fabric.compiled import Node
from tests.fabric.rows import Row, in_order
from tests.fabric.transpiled import to_duckdb


class Native:
    """A warehouse of both days, built by a full refresh: as each model's SQL gives it at once."""

    def __init__(self, warehouse: Warehouse) -> None:
        home = warehouse.home
        self._connection = duckdb.connect(str(warehouse.bronze), read_only=True)
        self._connection.execute("set timezone = 'UTC'")
        self._connection.execute(f"attach '{home}/sonic_gold.duckdb' as sonic_gold (read_only)")

    def built(self, model: Node) -> list[Row]:
        """Return the rows that DuckDB built for a model."""
        return in_order(self._query(f"select {self._columns(model)} from {_name(model)}"))

    def computed(self, model: Node) -> list[Row]:
        """Return the rows of its T-SQL, in the same order of columns."""
        query = to_duckdb(model["compiled_code"])
        return in_order(self._query(f"select {self._columns(model)} from ({query})"))

    def offences(self, test: Node) -> list[Row]:
        """Return the rows that the T-SQL of a data test finds."""
        return self._query(to_duckdb(test["compiled_code"]))

    def _columns(self, model: Node) -> str:
        return ", ".join(f'"{column[0]}"' for column in self._query(f"describe {_name(model)}"))

    def _query(self, sql: str) -> list[Row]:
        return self._connection.execute(sql).fetchall()


def _name(model: Node) -> str:
    database = "sonic_gold" if model["schema"] == "gold" else "sonic"
    return f"{database}.{model['schema']}.{model['name']}"
