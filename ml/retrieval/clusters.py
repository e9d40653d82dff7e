"""Clusters of a listener's tracks: a listener of two kinds of music has two interests."""

import numpy as np

from ml.arrays import Floats, Ids, squared_distances
from ml.dataset.profiles import ListenerProfile
from ml.embedding.embedded_catalogue import EmbeddedCatalogue

INTERESTS = 4  # at most
ITERATIONS = 10  # of k-means


def centres(points: Floats, weights: Floats, count: int) -> Floats:
    """Weighted k-means, without randomness.

    It starts from the heaviest point; each further start is the point farthest from the others.

    Args:
        points: (points, dimensions), at least one.
        weights: (points,), positive.
        count: The most centres to find.

    Returns:
        (centres, dimensions); fewer than `count` where there are fewer distinct points.
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
    """The listener's interests: clusters of their tracks.

    Args:
        embedded: The catalogue.
        profile: The listener; without tracks there is a single interest.
        rows: (rows,), of the catalogue.

    Returns:
        (rows,): the nearest interest of each row; and (rows,): its share of the listener's tracks
        by strength, 0 to 1.
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
