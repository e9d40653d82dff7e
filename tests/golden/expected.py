"""Reads the expected tables, and describes how a built table differs from one.

A file has every column and row. A key is written as its natural id, with instants instead of the
id's milliseconds since 1970. Fractions and means are written as arithmetic. An empty cell is null,
or -1 for a key.
"""

import ast
import csv
import hashlib
import operator
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Row = dict[str, str]

HERE = Path(__file__).parent
INSTANT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?")
NOT_HASHED = {"local_date_key", "local_time_key", "snapshot_date_key", "musical_key"}
NOT_COMPARED = {"loaded_at"}  # when a row was built
OPERATORS: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


@dataclass(frozen=True)
class Table:
    """A table as an engine returns it."""

    columns: list[str]
    rows: list[tuple[Any, ...]]


def tables(day: str) -> list[str]:
    """Return the names of the tables with expectations for a day."""
    return sorted(file.stem for file in (HERE / day).glob("*.csv"))


def expected(day: str, name: str) -> list[Row]:
    """Read an expected table; lines that begin with # explain it."""
    lines = (HERE / day / f"{name}.csv").read_text().splitlines()
    content = [line for line in lines if line and not line.startswith("#")]
    header, *rows = [[cell.strip() for cell in row] for row in csv.reader(content)]
    return [dict(zip(header, row, strict=True)) for row in rows]


def hash_key(natural_id: str) -> int:
    """Return the key of a natural id, as `dbt_sonic/README.md` defines it."""

    def milliseconds(found: re.Match[str]) -> str:
        instant = datetime.fromisoformat(found[0]).replace(tzinfo=UTC)
        return str(round(instant.timestamp() * 1000))

    exact = INSTANT.sub(milliseconds, natural_id)
    return int(hashlib.md5(exact.encode()).hexdigest()[:15], 16) if natural_id else -1


def differences(day: str, name: str, built: Table) -> str:
    """Describe missing, unexpected and different rows; empty if there are none."""
    rows = expected(day, name)
    columns = [column for column in built.columns if column not in NOT_COMPARED]
    if only_one_side := set(columns) ^ set(rows[0]):
        return f"{name}: only one side has the columns {sorted(only_one_side)}"
    names = natural_ids(day)
    built_rows = [dict(zip(built.columns, row, strict=True)) for row in built.rows]
    floats = {column for row in built_rows for column in row if isinstance(row[column], float)}
    wanted = [
        {column: _evaluated(row[column]) if column in floats else row[column] for column in columns}
        for row in rows
    ]
    got = [{column: _text(column, row[column], names) for column in columns} for row in built_rows]
    return "\n".join(_compare(name, wanted, got))


def natural_ids(day: str) -> Mapping[int, str]:
    """Return the natural id of each key in the expected tables of a day."""
    return {
        hash_key(cell): cell
        for name in tables(day)
        for row in expected(day, name)
        for column, cell in row.items()
        if _is_hashed(column)
    }


def _is_hashed(column: str) -> bool:
    return column.endswith("_key") and column not in NOT_HASHED


def _evaluated(arithmetic: str) -> str:
    """Evaluate a cell such as `(2*0.3 + 0.5)/3`."""

    def value(node: ast.expr) -> float:
        match node:
            case ast.BinOp():
                return OPERATORS[type(node.op)](value(node.left), value(node.right))
            case ast.UnaryOp(op=ast.USub()):
                return -value(node.operand)
            case ast.Constant(value=int() | float() as number):
                return number
        raise ValueError(f"{arithmetic} is not arithmetic")

    return f"{value(ast.parse(arithmetic, mode='eval').body):.9g}" if arithmetic else ""


def _text(column: str, cell: Any, names: Mapping[int, str]) -> str:
    """Write an engine's value in the format of the expected tables."""
    match cell:
        case None:
            return ""
        case bool():
            return str(cell).lower()
        case int() if _is_hashed(column):
            return names.get(cell, f"#{cell}")
        case float():
            return f"{cell:.9g}"
        case datetime():
            return cell.isoformat(" ", "milliseconds" if cell.microsecond else "seconds")
    return str(cell)


def _compare(name: str, wanted: list[Row], got: list[Row]) -> Iterator[str]:
    wanted_rows = Counter(tuple(row.items()) for row in wanted)
    got_rows = Counter(tuple(row.items()) for row in got)
    missing = [dict(row) for row in (wanted_rows - got_rows).elements()]
    for unexpected in map(dict, (got_rows - wanted_rows).elements()):
        label = next(iter(unexpected.values()))
        twin = next((row for row in missing if next(iter(row.values())) == label), None)
        if twin is None:
            yield f"{name}: unexpected {_shown(unexpected)}"
            continue
        missing.remove(twin)
        for column, cell in unexpected.items():
            if cell != twin[column]:
                yield f"{name}: {label or 'unknown'}: {column} is {cell!r}, not {twin[column]!r}"
    yield from (f"{name}: missing {_shown(row)}" for row in missing)


def _shown(row: Row) -> str:
    return ", ".join(f"{column}={cell}" for column, cell in row.items() if cell)
