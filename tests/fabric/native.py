"""The golden world as DuckDB builds it, and the T-SQL of its models run over the same inputs."""

from pathlib import Path

from tests.dbt.conftest import Warehouse
from tests.fabric.compiled import Node
from tests.fabric.rows import Row, in_order
from tests.fabric.transpiled import to_duckdb
from tests.golden.world import DAY_1, DAY_2


class Native:
    """A warehouse of both days, built at once."""

    def __init__(self, home: Path) -> None:
        self._warehouse = Warehouse(home)
        for day in (DAY_1, DAY_2):
            day.into(self._warehouse.bronze)
        left_out = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
        self._warehouse.build(*left_out)

    def built(self, model: Node) -> list[Row]:
        """Return the rows that DuckDB built of a model."""
        return in_order(self._warehouse.query(f"select {self._columns(model)} from {_name(model)}"))

    def computed(self, model: Node) -> list[Row]:
        """Return the rows that its T-SQL gives, in the same order of columns."""
        query = to_duckdb(model["compiled_code"])
        return in_order(self._warehouse.query(f"select {self._columns(model)} from ({query})"))

    def offences(self, test: Node) -> list[Row]:
        """Return the rows that the T-SQL of a data test finds."""
        return self._warehouse.query(to_duckdb(test["compiled_code"]))

    def _columns(self, model: Node) -> str:
        described = self._warehouse.query(f"describe {_name(model)}")
        return ", ".join(f'"{column[0]}"' for column in described)


def _name(model: Node) -> str:
    database = "sonic_gold" if model["schema"] == "gold" else "sonic"
    return f"{database}.{model['schema']}.{model['name']}"
