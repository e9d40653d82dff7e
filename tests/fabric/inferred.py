"""The types that sqlglot infers for every expression of the models, from Bronze to Gold."""

from collections.abc import Iterator, Mapping

import sqlglot
from sqlglot import MappingSchema, exp
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify

from tests.fabric.compiled import DATABASE, Columns, Compiled
from tests.fabric.key import natural_id

BIT = {exp.DType.BIT, exp.DType.BOOLEAN}


class Inferred:
    """The types of the expressions in a statement, from the tables that it reads."""

    def __init__(self, tables: Mapping[str, Columns]) -> None:
        self._schema = MappingSchema(dialect="tsql")
        for name, columns in tables.items():
            self.add(name, columns)

    def add(self, name: str, columns: Columns) -> None:
        """Add a table that statements read, as `schema.name`."""
        schema, table = name.split(".")
        self._schema.add_table(exp.table_(table, db=schema, catalog=DATABASE), columns)

    def statement(self, sql: str) -> exp.Query:
        """Return a statement with the type of each expression."""
        tree = sqlglot.parse_one(sql, dialect="tsql").transform(_simplified)
        qualified = qualify(tree, schema=self._schema, catalog=DATABASE, dialect="tsql")
        typed = annotate_types(qualified, schema=self._schema, dialect="tsql")
        assert isinstance(typed, exp.Query)
        return typed


def models(compiled: Compiled) -> Iterator[tuple[str, exp.Query]]:
    """Yield each model's name and its statement."""
    known = Inferred(compiled.tables)
    for name, node in compiled.models.items():
        statement = known.statement(node["compiled_code"])
        known.add(f"{node['schema']}.{name}", types(statement))
        yield name, statement


def types(statement: exp.Query) -> Columns:
    """Return the columns of a statement and their types, without sizes."""
    return {column.alias_or_name: _name(column) for column in statement.selects}


def findings_by_type(statement: exp.Query) -> Iterator[str]:
    """Find what T-SQL, because of its types, computes differently from DuckDB or not at all."""
    for aggregate in statement.find_all(exp.Max, exp.Min, exp.Sum, exp.Avg):
        if aggregate.this.type.this in BIT:
            yield f"no aggregate takes a bit: {aggregate.sql('tsql')}"
        if isinstance(aggregate, exp.Avg) and _is_integer(aggregate.this):
            yield f"the mean of integers is an integer: {aggregate.sql('tsql')}"
    for ratio in statement.find_all(exp.Div):
        is_floored = isinstance(ratio.parent, exp.Floor)
        if _is_integer(ratio.this) and _is_integer(ratio.expression) and not is_floored:
            yield f"the ratio of integers is an integer: {ratio.sql('tsql')}"


def _name(node: exp.Expr) -> str:
    name = node.type.sql("tsql").lower().partition("(")[0] if node.type else "unknown"
    return "int" if name == "integer" else name


def _is_integer(node: exp.Expr) -> bool:
    return node.is_type(*exp.DataType.INTEGER_TYPES)


def _simplified(node: exp.Expr) -> exp.Expr:
    """Replace expressions that sqlglot has no type for by one of the same type."""
    if natural_id(node):
        return exp.cast(exp.null(), "bigint")
    return node.this.transform(_simplified) if isinstance(node, exp.Replace) else node
