"""Compiled nodes of dbt's manifest, and the columns of the tables that they read."""

import csv
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from ingestion.load import LOADED_AT
from tests.dbt.bronze import RECOMMENDATIONS, SCHEMAS
from tests.dbt.conftest import PROJECT

Node = dict[str, Any]
Columns = dict[str, str]

DATABASE = "sonic"  # of the warehouse, as profiles.yml names it by default
TEXT = "varchar(8000)"
TYPES = {
    pa.string(): TEXT,
    pa.bool_(): "bit",
    pa.int64(): "bigint",
    pa.float64(): "float",
    pa.date32(): "date",
    pa.timestamp("us"): "datetime2(6)",
    pa.timestamp("us", "UTC"): "datetime2(6)",
}


class Compiled:
    """The nodes of a manifest that was compiled for Fabric."""

    def __init__(self, manifest: Node) -> None:
        nodes: dict[str, Node] = manifest["nodes"]
        self._nodes = {key: node for key, node in nodes.items() if node["config"]["enabled"]}

    @property
    def models(self) -> dict[str, Node]:
        """Return the models by name, each after the models that it reads."""
        return {node["name"]: node for node in self._in_order(self._of("model"))}

    @property
    def tests(self) -> dict[str, Node]:
        """Return the data tests by name."""
        return {node["name"]: node for node in self._of("test").values()}

    @property
    def tables(self) -> dict[str, Columns]:
        """Return the columns of Bronze, the seeds and the recommendations, in T-SQL's types."""
        return {
            **{f"bronze.{name}": _columns(it.append(LOADED_AT)) for name, it in SCHEMAS.items()},
            **{f"silver.{seed['name']}": _of_seed(seed) for seed in self._of("seed").values()},
            "ml.ml_recommendations": _columns(RECOMMENDATIONS),
        }

    def _of(self, kind: str) -> dict[str, Node]:
        return {key: node for key, node in self._nodes.items() if node["resource_type"] == kind}

    def _in_order(self, nodes: dict[str, Node]) -> Iterator[Node]:
        waiting = dict(nodes)
        while waiting:
            for key, node in list(waiting.items()):
                if not waiting.keys() & set(node["depends_on"]["nodes"]):
                    yield waiting.pop(key)


def _columns(schema: pa.Schema) -> Columns:
    return {field.name: TYPES[field.type] for field in schema}


def _of_seed(node: Node) -> Columns:
    with (PROJECT / node["original_file_path"]).open() as file:
        names, *rows = csv.reader(file)
    declared: Columns = node["config"]["column_types"]
    values = dict(zip(names, zip(*rows, strict=True), strict=True))
    return {
        name: declared.get(name, "int" if all(map(str.isdigit, values[name])) else TEXT)
        for name in names
    }
