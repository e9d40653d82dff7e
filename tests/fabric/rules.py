"""What a Fabric warehouse rejects, although the binder or DuckDB accepts it.

Each rule yields its offences in one T-SQL statement.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise

import sqlglot
from sqlglot import exp
from sqlglot.dialects.tsql import TSQL
from sqlglot.tokens import Token, TokenType

MISSING_TYPES = frozenset(
    "datetime datetimeoffset geography geometry hierarchyid image json money nchar ntext nvarchar"
    " rowversion smalldatetime smallmoney sql_variant text timestamp tinyint xml".split()
)
FUNCTIONS = frozenset(
    "abs avg cast charindex coalesce concat convert count dateadd datediff datediff_big datepart"
    " day first_value floor hashbytes lag least left len lower max min month nullif rank replace"
    " right round row_number substring sum try_cast upper year".split()
)
BEFORE_PARENTHESES = frozenset(
    "and as by else exists from having in join not on or over select then union when where"
    " char datetime2 decimal varbinary varchar".split()
)
NEED_ORDER = (exp.RowNumber, exp.Rank, exp.DenseRank, exp.Lag, exp.Lead, exp.FirstValue)


def grouped_by_number(sql: str) -> Iterator[str]:
    for group in _parsed(sql).find_all(exp.Group):
        yield from (key.sql() for key in group.expressions if isinstance(key, exp.Literal))


def ordered_by_number(sql: str) -> Iterator[str]:
    for ordered in _parsed(sql).find_all(exp.Ordered):
        if isinstance(ordered.this, exp.Literal):
            yield ordered.sql()


def missing_types(sql: str) -> Iterator[str]:
    for token, after in _pairs(sql):
        if (name := token.text.lower()) in MISSING_TYPES:
            yield name
        if name == "datetime2" and after.token_type != TokenType.L_PAREN:
            yield "datetime2 without precision is 7, but Fabric has at most 6"


def unordered(sql: str) -> Iterator[str]:
    for window in _parsed(sql).find_all(exp.Window):
        if isinstance(window.this, NEED_ORDER) and not window.args.get("order"):
            yield window.sql("tsql")


def nested(sql: str) -> Iterator[str]:
    """Find a CTE in a CTE; for dbt-fabric the word alone is one, even in a comment."""
    text = sql.lower().replace("\n", " ")
    if (count := text.count("with ")) > 1:
        yield f"{count} times the word"


def recursive(sql: str) -> Iterator[str]:
    for cte in _parsed(sql).find_all(exp.CTE):
        if cte.alias in {table.name for table in cte.this.find_all(exp.Table) if not table.db}:
            yield cte.alias


def unknown_functions(sql: str) -> Iterator[str]:
    for token, after in _pairs(sql):
        name = token.text.lower()
        if name.isidentifier() and after.token_type == TokenType.L_PAREN:
            yield from {name} - FUNCTIONS - BEFORE_PARENTHESES


RULES: dict[str, Callable[[str], Iterator[str]]] = {
    "nothing is grouped by its number": grouped_by_number,
    "nothing is ordered by its number": ordered_by_number,
    "every type is one of Fabric's": missing_types,
    "what needs an order has one": unordered,
    "no CTE is within another": nested,
    "no CTE reads itself": recursive,
    "every function is one of T-SQL's": unknown_functions,
}


def _parsed(sql: str) -> exp.Expr:
    return sqlglot.parse_one(sql, dialect="tsql")


def _pairs(sql: str) -> Iterator[tuple[Token, Token]]:
    """Yield each word that is neither a text nor a quoted name, and the token after it."""
    tokens = TSQL().tokenize(f"{sql};")
    for token, after in pairwise(tokens):
        if token.token_type not in (TokenType.STRING, TokenType.IDENTIFIER):
            yield token, after
