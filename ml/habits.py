"""How a listener chooses: many artists or few, songs that others have too or rare ones."""

import numpy as np

from ml.catalogue import Codes
from ml.features import FEATURES
from ml.interactions import Neighbourhood
from ml.pool import Pool
from ml.space import Flags, Matrix
from ml.tastes import Taste

HABIT_FEATURES = (
    "listener_artists",  # how many there are for each track, logarithm
    "listener_favourite",  # share of the tracks that are by the artist with most
    "listener_years",  # how far the tracks spread in years, logarithm of the variance
    "listener_style",  # and in the space that knows most
    "listener_known",  # share of the tracks that other listeners have too
    "artist_known",  # the same of the tracks by the candidate's artist; 0 without any
    "artist_owned_alike",  # share that the listener has of the artist's songs as known as this one
    "artist_left",  # how many songs of these are left, logarithm
)
LEAST_VARIANCE = 0.1


def habit_features(pool: Pool, around: Neighbourhood, taste: Taste, candidates: Codes) -> Matrix:
    """One row per candidate, one column per name in HABIT_FEATURES; zeros for who has no tracks.

    A song is known when another listener has it.
    """
    if not len(taste.rows):
        return np.zeros((len(candidates), len(HABIT_FEATURES)))
    tracks = taste.artist_tracks.sum()
    years, styles = pool.traits[taste.rows][:, [FEATURES.index("year")]], pool.vectors[taste.rows]
    spreads = [np.log(each.var(axis=0).sum() + LEAST_VARIANCE) for each in (years, styles)]
    own_known = around.has(pool.catalogue.songs[taste.rows])
    of_listener = [
        np.log(len(taste.artists) / tracks),
        taste.artist_tracks.max() / tracks,
        *spreads,
        own_known.mean(),
    ]
    return np.column_stack(
        [
            np.tile(of_listener, (len(candidates), 1)),
            _by_artist(pool, around, taste, own_known, candidates),
        ]
    )


def _by_artist(
    pool: Pool, around: Neighbourhood, taste: Taste, own_known: Flags, candidates: Codes
) -> Matrix:
    catalogue = pool.catalogue
    artists, known = catalogue.artists[candidates], around.has(catalogue.songs[candidates])
    own = catalogue.artists[taste.rows]
    count = len(catalogue.artist_index)
    owned = np.bincount(own, minlength=count)[artists]
    owned_known = np.bincount(own[own_known], minlength=count)[artists]
    songs_known = around.songs_by_artist(count)[artists]
    alike = np.where(known, owned_known, owned - owned_known)
    songs_alike = np.where(known, songs_known, catalogue.songs_by_artist[artists] - songs_known)
    return np.column_stack(
        [
            np.where(owned > 0, (owned_known + 0.5) / (owned + 1), 0),
            np.minimum(alike / np.maximum(songs_alike, 1), 1),
            np.log1p(np.maximum(songs_alike - alike, 0)),
        ]
    )
