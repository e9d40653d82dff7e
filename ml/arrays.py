"""The array types used in all of ml, and functions on whole arrays."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

CHUNK = 100_000  # rows

Ids = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.floating[Any]]


def group_means(values: Floats, groups: NDArray[np.int64]) -> Floats:
    """The mean row of each group.

    Args:
        values: (rows, columns).
        groups: (rows,), the group of each row: 0 to count - 1, none of them empty.

    Returns:
        (groups, columns).
    """
    sums = [np.bincount(groups, weights=column) for column in values.T]
    return np.column_stack(sums) / np.bincount(groups)[:, None]


def chunks(rows: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Split the rows of a large catalogue, so that the intermediate results fit in memory.

    Args:
        rows: (rows,), in any order.

    Returns:
        Parts of about `CHUNK` rows, in the same order.
    """
    return np.array_split(rows, len(rows) // CHUNK + 1)


def squared_distances(points: Floats, others: Floats) -> Floats:
    """Squared Euclidean distance of each point to each of the others.

    Args:
        points: (points, dimensions).
        others: (others, dimensions).

    Returns:
        (points, others), never negative.
    """
    lengths = (points**2).sum(axis=1)[:, None] + (others**2).sum(axis=1)
    squared: Floats = np.maximum(lengths - 2 * points @ others.T, 0)
    return squared
