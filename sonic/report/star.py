"""The star schema of Gold: its tables, and the keys that tests relate, read from dbt's manifest."""

from dataclasses import dataclass
from typing import Any

FACT, DIMENSION, BRIDGE, MART = "fct_", "dim_", "bridge_", "mart_"


@dataclass(frozen=True)
class Key:
    """A foreign key that a test of dbt relates to another table."""

    table: str
    column: str
    to: str
    to_column: str

    @property
    def is_role(self) -> bool:
        """Whether the name of the key differs from that of the key it refers to."""
        return self.column != self.to_column


@dataclass(frozen=True)
class Star:
    """The tables of Gold, each with what one row is and its primary key, and the keys between."""

    grains: dict[str, str]
    primary_keys: dict[str, str]
    keys: list[Key]

    def tables(self, kind: str) -> list[str]:
        """The tables of a kind, those with the most keys first."""
        names = [name for name in self.grains if name.startswith(kind)]
        return sorted(names, key=lambda name: (-len(self.keys_of(name)), name))

    def keys_of(self, table: str) -> list[Key]:
        """The foreign keys of a table."""
        return [key for key in self.keys if key.table == table]

    def sides(self) -> tuple[list[str], list[str]]:
        """The tables left and right of the facts, from the top; right are those tied to others.

        A dimension that only the first fact uses is above one that all facts use, so that few lines
        cross. A bridge is below the first table that it refers to.
        """
        facts = self.tables(FACT)

        def place(table: str) -> tuple[float, int, str]:
            users = [facts.index(k.table) for k in self.keys if k.to == table and k.table in facts]
            return sum(users) / max(len(users), 1), -len(self.keys_of(table)), table

        dimensions, bridges = self.tables(DIMENSION), self.tables(BRIDGE)
        ties = [key for table in (*dimensions, *bridges) for key in self.keys_of(table)]
        tied = {key.table for key in ties} | {key.to for key in ties}
        right = sorted(tied.intersection(dimensions), key=place)
        for bridge in bridges:
            first = min(right.index(key.to) for key in self.keys_of(bridge))
            right.insert(first + 1, bridge)
        return sorted(set(dimensions) - tied, key=place), right


def read(manifest: dict[str, Any]) -> Star:
    """Return the star of a manifest of dbt: its models in the folder `gold`."""
    nodes = manifest["nodes"]
    gold = {
        key: node
        for key, node in nodes.items()
        if node["resource_type"] == "model" and node["fqn"][1] == "gold"
    }
    primary_keys, keys = {}, []
    for test in nodes.values():
        table, column = test.get("attached_node"), test.get("column_name")
        kind = (test.get("test_metadata") or {}).get("name")
        if table in gold and kind == "unique" and column.endswith("_key"):
            primary_keys[gold[table]["name"]] = column
        if table in gold and kind == "relationships":
            (to,) = {*test["depends_on"]["nodes"]} - {table}
            field = test["test_metadata"]["kwargs"]["field"]
            keys.append(Key(gold[table]["name"], column, gold[to]["name"], field))
    return Star(
        {node["name"]: _grain(node["description"]) for node in gold.values()},
        primary_keys,
        sorted(keys, key=lambda key: (key.table, key.column)),
    )


def _grain(description: str) -> str:
    """Return what a row is, of a description that ends "One row per …"."""
    _, _, rest = " ".join(description.split()).partition("One row per ")
    return rest.split(".")[0].split(", plus the unknown one")[0].split(", which")[0]
