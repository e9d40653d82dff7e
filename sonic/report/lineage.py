"""Which columns each column is computed from: read from compiled SQL, or declared by Python models.

The page shows it as a graph, from a figure of Gold back to what a loader wrote. Joins and filters
decide which rows a table has, not what a value is, so they are left out.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import Node, lineage

from sonic.errors import StageError

ROWS = "*"  # in place of a column: the rows of the table, which are counted
TEMPLATE = Path(__file__).with_name("lineage.html")
LONGEST_STEP = 600  # characters of SQL shown for one step
MOST_STEPS = 6


@dataclass
class Column:
    """A column, the columns it is computed from, and the SQL that does it, first step first."""

    type: str
    description: str
    origins: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)


@dataclass
class Table:
    """A source table, seed or model; `inputs` are the tables it reads."""

    id: str
    layer: str
    description: str
    is_python: bool
    inputs: list[str]
    columns: dict[str, Column]
    readers: list[str] = field(default_factory=list)


def read(target: Path) -> dict[str, Table]:
    """Return every table by name, from the manifest and the catalogue of `dbt docs generate`.

    Raises:
        StageError: The SQL of a model cannot be traced.
    """
    manifest = json.loads((target / "manifest.json").read_text())
    catalog = json.loads((target / "catalog.json").read_text())
    built = catalog["sources"] | catalog["nodes"]
    nodes = {
        key: node
        for key, node in (manifest["sources"] | manifest["nodes"]).items()
        if node["resource_type"] in ("source", "seed", "model")
    }
    names = {key: _name(node) for key, node in nodes.items()}
    tables = {names[key]: _table(node, built.get(key), names) for key, node in nodes.items()}
    relations = {_relation(node): names[key] for key, node in nodes.items()}
    schema: dict[str, Any] = {}
    for (database, folder, relation), name in relations.items():
        types = {column: each.type for column, each in tables[name].columns.items()}
        schema.setdefault(database, {}).setdefault(folder, {})[relation] = types
    for key, node in nodes.items():
        if node["resource_type"] == "model":
            _trace(tables[names[key]], node, schema, relations)
    for exposure in manifest["exposures"].values():
        for key in names.keys() & exposure["depends_on"]["nodes"]:
            tables[names[key]].readers.append(exposure.get("label") or exposure["name"])
    return tables


def write_page(tables: dict[str, Table], page: Path) -> None:
    """Write the page that shows the tables: one file that needs no server and no network."""
    content = json.dumps({name: asdict(table) for name, table in sorted(tables.items())})
    # "</" would end the script that holds it.
    page.write_text(TEMPLATE.read_text().replace("{{ tables }}", content.replace("</", "<\\/")))


def _name(node: dict[str, Any]) -> str:
    source = node.get("source_name")
    return f"{source}.{node['name']}" if source else str(node["name"])


def _relation(node: dict[str, Any]) -> tuple[str, str, str]:
    return node["database"], node["schema"], node.get("identifier") or node["alias"]


def _table(node: dict[str, Any], built: dict[str, Any] | None, names: dict[str, str]) -> Table:
    described = node["columns"]
    types = {name: each["type"] for name, each in built["columns"].items()} if built else {}
    return Table(
        id=node["unique_id"],
        layer="seeds" if node["resource_type"] == "seed" else node["schema"],
        description=node["description"],
        is_python=node.get("language") == "python",
        inputs=[names[key] for key in node.get("depends_on", {}).get("nodes", [])],
        columns={
            name: Column(
                types.get(name) or described[name].get("data_type") or "",
                described.get(name, {}).get("description", ""),
            )
            for name in types or described
        },
    )


def _trace(
    table: Table,
    node: dict[str, Any],
    schema: dict[str, Any],
    relations: dict[tuple[str, str, str], str],
) -> None:
    """Fill in the origins of a model's columns."""
    rows = [f"{name}.{ROWS}" for name in table.inputs]
    if table.is_python:
        for name, column in table.columns.items():
            declared = _declared(node, name)
            column.origins = rows if declared is None else declared
        return
    try:
        roots = lineage(None, node["compiled_code"], schema, dialect="duckdb")
        leaves = {name: sorted(set(_leaves(root, relations))) for name, root in roots.items()}
    except (SqlglotError, KeyError) as error:
        raise StageError(f"the columns of {node['name']} cannot be traced: {error}") from error
    for name, root in roots.items():
        column = table.columns.setdefault(name, Column("", ""))
        column.origins = leaves[name]
        column.steps = _steps(root)
        if not column.origins and any(made.find(exp.Star) for made in _made(root)):
            column.origins = rows  # count(*)


def _declared(node: dict[str, Any], column: str) -> list[str] | None:
    """Return what `derived_from` says of a column, or else of its model; None without either."""
    for described in (node["columns"].get(column, {}), node):
        inputs = described.get("config", {}).get("meta", {}).get("derived_from")
        if inputs is not None:
            return [f"{name}.{each}" for name, columns in inputs.items() for each in columns]
    return None


def _leaves(root: Node, relations: dict[tuple[str, str, str], str]) -> Iterator[str]:
    for node in root.walk():
        if isinstance(node.expression, exp.Table):
            table = node.expression
            column = exp.to_column(node.name).name
            yield f"{relations[table.catalog, table.db, table.name]}.{column}"


def _steps(root: Node) -> list[str]:
    steps = dict.fromkeys(_sql(made) for made in _made(root))
    return list(reversed(steps))[-MOST_STEPS:]


def _made(root: Node) -> list[exp.Expr]:
    """Return the expressions that do more than hand a column on, the last step first."""
    found: list[exp.Expr] = []
    level = {id(root): root}
    while level:
        made = [node.expression.unalias() for node in level.values()]
        kept = [each for each in made if not isinstance(each, exp.Column | exp.Table | exp.Query)]
        found += sorted(kept, key=_sql, reverse=True)  # sqlglot keeps no order
        level = {id(below): below for node in level.values() for below in node.downstream}
    return found


def _sql(expression: exp.Expr) -> str:
    text = expression.sql(dialect="duckdb", comments=False)
    return text if len(text) <= LONGEST_STEP else f"{text[:LONGEST_STEP]} …"
