"""How a listener chooses: many artists or few, songs that others have or rare ones."""

import numpy as np

from ml.arrays import Bools, Floats, Ids
from ml.dataset.features import FEATURES
from ml.dataset.profiles import ListenerProfile
from ml.embedding.embedded_catalogue import EmbeddedCatalogue
from ml.pairs.peers import Neighbourhood

HABIT_FEATURES = (
    "listener_artists",  # artists per track, logarithm
    "listener_favourite",  # share of tracks by the listener's most frequent artist
    "listener_years",  # variance of the tracks' years, logarithm
    "listener_style",  # variance in the space with most inputs, logarithm
    "listener_known",  # share of the tracks that other listeners have
    "artist_known",  # the same, of the tracks by the candidate's artist; 0 without any
    "artist_owned_alike",  # share owned of the artist's songs that are as known as this one
    "artist_left",  # how many of these songs the listener does not have, logarithm
)
MIN_VARIANCE = 0.1


def habit_features(
    embedded: EmbeddedCatalogue,
    neighbourhood: Neighbourhood,
    profile: ListenerProfile,
    candidates: Ids,
) -> Floats:
    """One row per candidate, one column per name in HABIT_FEATURES.

    All are 0 for a listener without tracks. A song is known when another listener has it.
    """
    if not len(profile.rows):
        return np.zeros((len(candidates), len(HABIT_FEATURES)))
    tracks = profile.artist_tracks.sum()
    years, styles = (
        embedded.traits[profile.rows][:, [FEATURES.index("year")]],
        embedded.vectors[profile.rows],
    )
    spreads = [np.log(each.var(axis=0).sum() + MIN_VARIANCE) for each in (years, styles)]
    own_known = neighbourhood.has(embedded.catalogue.songs[profile.rows])
    of_listener = [
        np.log(len(profile.artists) / tracks),
        profile.artist_tracks.max() / tracks,
        *spreads,
        own_known.mean(),
    ]
    return np.column_stack(
        [
            np.tile(of_listener, (len(candidates), 1)),
            _by_artist(embedded, neighbourhood, profile, own_known, candidates),
        ]
    )


def _by_artist(
    embedded: EmbeddedCatalogue,
    neighbourhood: Neighbourhood,
    profile: ListenerProfile,
    own_known: Bools,
    candidates: Ids,
) -> Floats:
    catalogue = embedded.catalogue
    artists, known = catalogue.artists[candidates], neighbourhood.has(catalogue.songs[candidates])
    own = catalogue.artists[profile.rows]
    count = len(catalogue.artist_index)
    owned = np.bincount(own, minlength=count)[artists]
    owned_known = np.bincount(own[own_known], minlength=count)[artists]
    songs_known = neighbourhood.songs_by_artist(count)[artists]
    owned_alike = np.where(known, owned_known, owned - owned_known)
    songs_alike = np.where(known, songs_known, catalogue.songs_by_artist[artists] - songs_known)
    return np.column_stack(
        [
            np.where(owned > 0, (owned_known + 0.5) / (owned + 1), 0),
            np.minimum(owned_alike / np.maximum(songs_alike, 1), 1),
            np.log1p(np.maximum(songs_alike - owned_alike, 0)),
        ]
    )
