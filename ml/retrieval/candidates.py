"""Select a few thousand candidates from a large catalogue for one listener."""

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
MAX_NAMED = 3_500  # candidates found by artist or song; the others are found by nearness
MAX_PER_ARTIST = 2_500  # of MAX_NAMED: the nearest ones
LARGE_ARTIST = 300  # an artist with more tracks counts as this many against the limits below
OWN_ARTISTS_TRACKS = 1_500  # about, by the artists of most of the listener's tracks
PEERS_SONGS = 500  # the strongest of similar listeners
PEERS_ARTISTS_TRACKS = 300  # about, by the strongest artists of similar listeners
VARIED_TRACKS = 20_000
VARIED_CLUSTERS = 15
CLUSTERED_TRACKS = 5_000  # enough to find the clusters


class Index(Protocol):
    """A nearest neighbour search over the catalogue's tracks."""

    def neighbours(self, point: Floats, count: int) -> Ids:
        """Rows of about the `count` tracks nearest to a point, nearest first."""


def candidates(
    embedded: EmbeddedCatalogue,
    index: Index,
    profile: ListenerProfile,
    neighbourhood: Neighbourhood,
) -> Ids:
    """Select the tracks that are worth ranking.

    1. Tracks by the listener's artists, and songs and artists of similar listeners; where they are
       too many, the nearest to one of the listener's centres.
    2. To fill the rest: the nearest of all other tracks.

    Args:
        embedded: The catalogue.
        index: Of its tracks.
        profile: A listener with at least one track.
        neighbourhood: What other listeners have.

    Returns:
        At most MAX_CANDIDATES rows that are new to the listener, ascending.
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
    """Sample the whole catalogue evenly, for listeners without a known track or artist.

    Args:
        vectors: (tracks, dimensions), the coordinates of the catalogue.

    Returns:
        (rows,): about VARIED_TRACKS rows, ascending; and (rows,): the cluster of each.
    """
    rows = np.arange(0, len(vectors), len(vectors) // VARIED_TRACKS + 1)
    some = vectors[:: len(vectors) // CLUSTERED_TRACKS + 1]
    middles = centres(some, np.ones(len(some)), VARIED_CLUSTERS)
    return rows, squared_distances(vectors[rows], middles).argmin(axis=1)


def _nearest(
    embedded: EmbeddedCatalogue, profile: ListenerProfile, points: Floats, rows: Ids
) -> Ids:
    """The distinct rows that are new to the listener, nearest to any of the points first."""
    rows = np.unique(rows)
    rows = rows[profile.is_new(embedded.catalogue, rows)]
    gap = squared_distances(embedded.vectors[rows], points).min(axis=1)
    nearest: Ids = rows[np.argsort(gap, kind="stable")]
    return nearest


def _tracks_of(catalogue: Catalogue, artists: Ids, count: int) -> Ids:
    """All rows of the first artists, until about `count` are found; see LARGE_ARTIST."""
    sizes = np.minimum(catalogue.by_artist.sizes[artists], LARGE_ARTIST)
    some = artists[np.cumsum(sizes) - sizes < count]
    return np.concatenate([np.empty(0, np.int64), *(catalogue.by_artist.rows_of(a) for a in some)])
