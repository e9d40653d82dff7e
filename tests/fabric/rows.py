"""Rows that two engines computed: the same, but for a trifle in floats."""

import math
from collections.abc import Sequence
from typing import Any

Row = tuple[Any, ...]

TOLERANCE = 1e-12  # in proportion


def in_order(rows: Sequence[Row]) -> list[Row]:
    """Sort rows by what they hold, floats last, since they may differ by a trifle."""
    return sorted(
        rows,
        key=lambda row: (
            [str(value) for value in row if type(value) is not float],
            [value for value in row if type(value) is float],
        ),
    )


def alike(left: Row, right: Row) -> bool:
    """Tell whether two rows hold the same."""
    return all(
        math.isclose(a, b, rel_tol=TOLERANCE) if type(a) is type(b) is float else _same(a, b)
        for a, b in zip(left, right, strict=True)
    )


def _same(a: Any, b: Any) -> bool:
    return a == b and isinstance(a, bool) == isinstance(b, bool)
