"""The surrogate key in T-SQL: found in a statement, and evaluated as T-SQL's manual says."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from sqlglot import exp

WITHOUT_PREFIX = "2"  # the style of `convert` for hex digits without 0x
CONVERSIONS: dict[tuple[type, exp.DType, str], Callable[[Any, int], Any]] = {
    (str, exp.DType.VARCHAR, ""): lambda text, size: text[:size],
    (str, exp.DType.TEXT, ""): lambda text, _: text,  # sqlglot adds it around the input of `left`
    (bytes, exp.DType.VARCHAR, WITHOUT_PREFIX): lambda raw, size: raw.hex().upper()[:size],
    (str, exp.DType.VARBINARY, WITHOUT_PREFIX): lambda text, size: bytes.fromhex(text)[:size],
    (bytes, exp.DType.BIGINT, ""): lambda raw, _: int.from_bytes(raw, "big", signed=True),
}


def natural_id(node: exp.Expr) -> exp.Expr | None:
    """Return the natural id in a surrogate key; None for any other expression."""
    if not (isinstance(node, exp.Coalesce) and isinstance(node.this, exp.Convert)):
        return None
    hashed = node.find(exp.MD5)
    return hashed and hashed.this.this  # the text is cast first


def evaluate(node: exp.Expr, row: Mapping[str, str | None]) -> Any:
    """Evaluate an expression of the few kinds that a key consists of."""

    def inner(name: str) -> Any:
        return evaluate(node.args[name], row)

    match node:
        case exp.Column():
            return row[node.name]
        case exp.Literal():
            return node.this if node.is_string else int(node.this)
        case exp.Neg():
            return -inner("this")
        case exp.Coalesce():
            values = (evaluate(each, row) for each in (node.this, *node.expressions))
            return next((value for value in values if value is not None), None)
        case exp.Concat():  # null counts as the empty text
            return "".join(evaluate(each, row) or "" for each in node.expressions)
        case exp.Add():  # of texts; null plus anything is null
            pair = inner("this"), inner("expression")
            return None if None in pair else "".join(pair)
        case exp.Left():
            return (text := inner("this")) and text[: inner("expression")]
        case exp.MD5():  # a warehouse stores varchar as UTF-8
            return (text := inner("this")) and hashlib.md5(text.encode()).digest()
        case exp.Cast():
            return _convert(inner("this"), node.to, "")
        case exp.Convert():
            style = node.args.get("style")
            return _convert(inner("expression"), node.this, style.name if style else "")
    raise NotImplementedError(repr(node))


def _convert(value: Any, to: exp.DataType, style: str) -> Any:
    size = to.expressions[0].name if to.expressions else "0"
    return value if value is None else CONVERSIONS[type(value), to.this, style](value, int(size))
