"""Rows that two engines computed: the same, except for rounding of floats."""

import math
from collections.abc import Sequence
from typing import Any

Row = tuple[Any, ...]

TOLERANCE = 1e-12  # relative


def in_order(rows: Sequence[Row]) -> list[Row]:
    """Sort rows by their values; floats come last, because their rounding may differ."""
    return sorted(
        rows,
        key=lambda row: (
            [str(value) for value in row if type(value) is not float],
            [value for value in row if type(value) is float],
        ),
    )


def alike(left: Row, right: Row) -> bool:
    """Return whether two rows have the same values."""
    return all(
        math.isclose(a, b, rel_tol=TOLERANCE) if type(a) is type(b) is float else _same(a, b)
        for a, b in zip(left, right, strict=True)
    )


def _same(a: Any, b: Any) -> bool:
    return a == b and isinstance(a, bool) == isinstance(b, bool)
