"""Which tracks of a large catalogue are worth ranking for a listener: a few thousand."""

from typing import Protocol

import numpy as np
import pandas as pd

from ml.arrays import Floats, Ids, squared_distances
from ml.dataset.catalogue import Catalogue
from ml.dataset.profiles import ListenerProfile
from ml.embedding.embedded_catalogue import EmbeddedCatalogue
from ml.pairs.peers import Neighbourhood
from ml.retrieval.clusters import centres

MAX_CANDIDATES = 5_000  # of one listener
PROFILE_CENTRES = 6
NEIGHBOURS = 1_500  # of each centre
MAX_NAMED = 3_500  # by what is known of artists and songs; the others are neighbours
MAX_PER_ARTIST = 2_500  # of them, the nearest
LARGE_ARTIST = 300  # tracks by which each is taken to fill up the room for the listener's artists
OWN_ARTISTS_TRACKS = 1_500  # about, of the artists that the listener has most tracks of
PEERS_SONGS = 500  # that listeners with a like taste have most of
PEERS_ARTISTS_TRACKS = 300  # about, of the artists that they have most of
VARIED_TRACKS = 20_000
VARIED_CLUSTERS = 15
CLUSTERED_TRACKS = 5_000  # enough to find the clusters


class Index(Protocol):
    """Tracks by where they lie."""

    def neighbours(self, point: Floats, count: int) -> Ids:
        """Rows of about the `count` tracks nearest to a point, nearest first."""


def candidates(
    embedded: EmbeddedCatalogue,
    index: Index,
    profile: ListenerProfile,
    neighbourhood: Neighbourhood,
) -> Ids:
    """Rows that are new to the listener, ascending, at most 5,000.

    By the same artists, what listeners with a like taste have (where these are too many, the
    nearest to a taste centre) and, as many as there is room for then, the nearest of all others.
    """
    catalogue = embedded.catalogue
    own = profile.artists[np.argsort(-profile.artist_tracks, kind="stable")]
    of_names = np.concatenate(
        [
            _tracks_of(catalogue, own, OWN_ARTISTS_TRACKS),
            catalogue.first_rows_of_songs[neighbourhood.strongest_songs(PEERS_SONGS)],
            _tracks_of(catalogue, neighbourhood.strongest_artists(), PEERS_ARTISTS_TRACKS),
        ]
    )
    points = centres(embedded.vectors[profile.rows], profile.strengths, PROFILE_CENTRES)
    named = _nearest(embedded, profile, points, of_names)
    nth_of_artist = pd.Series(catalogue.artists[named]).groupby(catalogue.artists[named]).cumcount()
    named = named[nth_of_artist < MAX_PER_ARTIST][:MAX_NAMED]
    around_points = np.concatenate([index.neighbours(point, NEIGHBOURS) for point in points])
    near = _nearest(embedded, profile, points, around_points)
    near = near[~np.isin(near, named)][: MAX_CANDIDATES - len(named)]
    return np.union1d(named, near)


def varied_candidates(vectors: Floats) -> tuple[Ids, Ids]:
    """Rows drawn evenly from all the catalogue, ascending, and the cluster that each lies in."""
    rows = np.arange(0, len(vectors), len(vectors) // VARIED_TRACKS + 1)
    some = vectors[:: len(vectors) // CLUSTERED_TRACKS + 1]
    middles = centres(some, np.ones(len(some)), VARIED_CLUSTERS)
    return rows, squared_distances(vectors[rows], middles).argmin(axis=1)


def _nearest(
    embedded: EmbeddedCatalogue, profile: ListenerProfile, points: Floats, rows: Ids
) -> Ids:
    """The rows that are new to the listener, each once, the nearest to any of the points first."""
    rows = np.unique(rows)
    rows = rows[profile.is_new(embedded.catalogue, rows)]
    gap = squared_distances(embedded.vectors[rows], points).min(axis=1)
    nearest: Ids = rows[np.argsort(gap, kind="stable")]
    return nearest


def _tracks_of(catalogue: Catalogue, artists: Ids, count: int) -> Ids:
    """All rows of the first artists, until about so many are found; a large one counts as less."""
    sizes = np.minimum(catalogue.by_artist.sizes[artists], LARGE_ARTIST)
    some = artists[np.cumsum(sizes) - sizes < count]
    return np.concatenate([np.empty(0, np.int64), *(catalogue.by_artist.rows_of(a) for a in some)])
