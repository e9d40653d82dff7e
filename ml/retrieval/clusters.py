"""What a listener's tracks gather around: who loves two kinds of music has two interests."""

import numpy as np

from ml.arrays import Floats, Ids, squared_distances
from ml.dataset.profiles import ListenerProfile
from ml.embedding.embedded_catalogue import EmbeddedCatalogue

INTERESTS = 4  # at most
ITERATIONS = 10  # of k-means


def centres(points: Floats, weights: Floats, count: int) -> Floats:
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
    for _ in range(ITERATIONS):
        nearest = squared_distances(points, centre).argmin(axis=1)
        share = weights[:, None] * (nearest[:, None] == np.arange(len(centre)))
        mass = share.sum(axis=0)[:, None]
        centre = np.where(mass > 0, share.T @ points / np.maximum(mass, 1e-9), centre)
    return centre


def interests(
    embedded: EmbeddedCatalogue, profile: ListenerProfile, rows: Ids
) -> tuple[Ids, Floats]:
    """Of each row the interest that it lies nearest to, and the share of the taste that this has.

    Who has no tracks has one interest, in everything.
    """
    if not len(profile.rows):
        return np.zeros(len(rows), np.int64), np.ones(len(rows))
    own = embedded.vectors[profile.rows]
    middles = centres(own, profile.strengths, INTERESTS)
    held = np.bincount(
        squared_distances(own, middles).argmin(axis=1), profile.strengths, len(middles)
    )
    nearest = squared_distances(embedded.vectors[rows], middles).argmin(axis=1)
    return nearest, held[nearest] / held.sum()
