"""T-SQL transpiled for DuckDB by sqlglot, except the key, which sqlglot gets wrong."""

import sqlglot
from sqlglot import exp

from tests.fabric.key import natural_id

# In DuckDB these names mean a bit string, and a number of half the size.
TYPES = {exp.DType.BIT: "boolean", exp.DType.FLOAT: "double"}


def to_duckdb(sql: str) -> str:
    """Return a Fabric statement for DuckDB, where Gold is a separate database."""
    return sqlglot.parse_one(sql, dialect="tsql").transform(_adapted).sql("duckdb")


def _adapted(node: exp.Expr) -> exp.Expr:
    if hashed := natural_id(node):
        text = hashed.transform(_adapted).sql("duckdb")
        key = f"coalesce(cast('0x' || substr(md5({text}), 1, 15) as bigint), -1)"
        return sqlglot.parse_one(key, dialect="duckdb")
    if isinstance(node, exp.Table) and node.db == "gold":
        node.set("catalog", exp.to_identifier("sonic_gold"))
    if isinstance(node, exp.DataType) and node.this in TYPES:
        return exp.DataType.build(TYPES[node.this], dialect="duckdb")
    return node
