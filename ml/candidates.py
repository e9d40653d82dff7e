"""Which tracks of a large catalogue are worth ranking for a listener: a few thousand."""

from typing import Protocol

import numpy as np

from ml.catalogue import Catalogue, Codes
from ml.interactions import Neighbourhood
from ml.pool import Pool
from ml.space import Matrix, squared_distances
from ml.tastes import Taste

MOST = 5_000  # of one listener
TASTE_CENTRES = 6
NEIGHBOURS = 1_500  # of each centre
OWN_ARTISTS_TRACKS = 1_500  # about, of the artists that the listener has most tracks of
PEERS_SONGS = 500  # that listeners with a like taste have most of
PEERS_ARTISTS_TRACKS = 300  # about, of the artists that they have most of
VARIED_TRACKS = 20_000
VARIED_CLUSTERS = 15
CLUSTERED_TRACKS = 5_000  # enough to find the clusters
ROUNDS = 10  # of k-means


class Index(Protocol):
    """Tracks by where they lie."""

    def neighbours(self, point: Matrix, count: int) -> Codes:
        """Rows of about the `count` tracks nearest to a point, nearest first."""


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


def candidates(pool: Pool, index: Index, taste: Taste, around: Neighbourhood) -> Codes:
    """Rows that are new to the listener, ascending, at most 5,000.

    By the same artists, what listeners with a like taste have and, as many as there is room for
    then, nearest to a taste centre.
    """
    catalogue = pool.catalogue
    own = taste.artists[np.argsort(-taste.artist_tracks, kind="stable")]
    of_names = np.concatenate(
        [
            _tracks_of(catalogue, own, OWN_ARTISTS_TRACKS),
            catalogue.rows_of_songs(around.strongest_songs(PEERS_SONGS)),
            _tracks_of(catalogue, around.strongest_artists(), PEERS_ARTISTS_TRACKS),
        ]
    )
    named = np.unique(of_names)
    named = named[taste.is_new(catalogue, named)][:MOST]
    near = _nearest(pool, index, taste)
    near = near[~np.isin(near, named)][: MOST - len(named)]
    return np.union1d(named, near)


def varied_candidates(vectors: Matrix) -> tuple[Codes, Codes]:
    """Rows drawn evenly from all the catalogue, ascending, and the cluster that each lies in."""
    rows = np.arange(0, len(vectors), len(vectors) // VARIED_TRACKS + 1)
    some = vectors[:: len(vectors) // CLUSTERED_TRACKS + 1]
    middles = centres(some, np.ones(len(some)), VARIED_CLUSTERS)
    return rows, squared_distances(vectors[rows], middles).argmin(axis=1)


def _nearest(pool: Pool, index: Index, taste: Taste) -> Codes:
    """New rows near a taste centre, nearest first; what lies near several centres counts once."""
    points = centres(pool.vectors[taste.rows], taste.strengths, TASTE_CENTRES)
    rows = np.unique(np.concatenate([index.neighbours(point, NEIGHBOURS) for point in points]))
    rows = rows[taste.is_new(pool.catalogue, rows)]
    gap = squared_distances(pool.vectors[rows], points).min(axis=1)
    nearest: Codes = rows[np.argsort(gap, kind="stable")]
    return nearest


def _tracks_of(catalogue: Catalogue, artists: Codes, count: int) -> Codes:
    """The rows of the first artists, until about so many are found."""
    sizes = np.diff(catalogue.artist_bounds)[artists]
    some = artists[np.cumsum(sizes) - sizes < count]
    return np.concatenate([np.empty(0, np.int64), *(catalogue.rows_of_artist(a) for a in some)])
