"""What a listener's tracks gather around: who loves two kinds of music has two interests."""

import numpy as np

from ml.catalogue import Codes
from ml.pool import Pool
from ml.space import Matrix, squared_distances
from ml.tastes import Taste

INTERESTS = 4  # at most
ROUNDS = 10  # of k-means


def centres(points: Matrix, weights: Matrix, count: int) -> Matrix:
    """Weighted k-means: up to `count` points that the given ones gather around.

    It starts from the heaviest point and then, one by one, the point farthest from those chosen:
    no chance is involved.
    """
    chosen = [int(weights.argmax())]
    gap = squared_distances(points, points[chosen])[:, 0]
    while len(chosen) < count and gap.max() > 0:
        chosen.append(int(gap.argmax()))
        gap = np.minimum(gap, squared_distances(points, points[chosen[-1:]])[:, 0])
    centre = points[chosen]
    for _ in range(ROUNDS):
        nearest = squared_distances(points, centre).argmin(axis=1)
        share = weights[:, None] * (nearest[:, None] == np.arange(len(centre)))
        mass = share.sum(axis=0)[:, None]
        centre = np.where(mass > 0, share.T @ points / np.maximum(mass, 1e-9), centre)
    return centre


def interests(pool: Pool, taste: Taste, rows: Codes) -> tuple[Codes, Matrix]:
    """Of each row the interest that it lies nearest to, and the share of the taste that this has.

    Who has no tracks has one interest, in everything.
    """
    if not len(taste.rows):
        return np.zeros(len(rows), np.int64), np.ones(len(rows))
    own = pool.vectors[taste.rows]
    middles = centres(own, taste.strengths, INTERESTS)
    held = np.bincount(
        squared_distances(own, middles).argmin(axis=1), taste.strengths, len(middles)
    )
    nearest = squared_distances(pool.vectors[rows], middles).argmin(axis=1)
    return nearest, held[nearest] / held.sum()
