"""Which tracks of a large catalogue are worth ranking for a listener: a few thousand."""

import numpy as np

from ml.catalogue import Catalogue, Codes, Pool
from ml.index import TrackIndex
from ml.pairs import squared_distances
from ml.space import Matrix
from ml.tastes import Taste

TASTE_CENTRES = 6
NEIGHBOURS = 4_000  # over all centres
OWN_ARTISTS_TRACKS = 4_000  # about, of the artists that the listener has most tracks of
VARIED_TRACKS = 20_000
VARIED_CLUSTERS = 15
CLUSTERED_TRACKS = 5_000  # enough to find the clusters
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


def candidates(pool: Pool, index: TrackIndex, taste: Taste) -> Codes:
    """New rows, ascending, near the listener's taste centres or by the listener's artists."""
    points = centres(pool.vectors[taste.rows], taste.strengths, TASTE_CENTRES)
    near = [index.neighbours(point, NEIGHBOURS // len(points)) for point in points]
    rows = np.unique(np.concatenate([*near, _tracks_of_artists(pool.catalogue, taste)]))
    return rows[taste.is_new(pool.catalogue, rows)]


def varied_candidates(vectors: Matrix) -> tuple[Codes, Codes]:
    """Rows drawn evenly from all the catalogue, ascending, and the cluster that each lies in."""
    rows = np.arange(0, len(vectors), len(vectors) // VARIED_TRACKS + 1)
    some = vectors[:: len(vectors) // CLUSTERED_TRACKS + 1]
    middles = centres(some, np.ones(len(some)), VARIED_CLUSTERS)
    return rows, squared_distances(vectors[rows], middles).argmin(axis=1)


def _tracks_of_artists(catalogue: Catalogue, taste: Taste) -> Codes:
    most_first = taste.artists[np.argsort(-taste.artist_tracks, kind="stable")]
    sizes = np.diff(catalogue.artist_bounds)[most_first]
    some = most_first[np.cumsum(sizes) - sizes < OWN_ARTISTS_TRACKS]
    return np.concatenate([np.empty(0, np.int64), *(catalogue.rows_of_artist(a) for a in some)])
