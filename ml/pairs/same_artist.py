"""How a candidate relates to the listener's tracks by the same artist."""

import numpy as np

from ml.arrays import Floats, Ids, squared_distances
from ml.dataset.features import FEATURES
from ml.dataset.profiles import ListenerProfile
from ml.embedding.embedded_catalogue import SOUND, EmbeddedCatalogue

ARTIST_FEATURES = (
    "artist_tracks",  # the listener's tracks by the candidate's artist
    "artist_share",  # their share of all tracks of the listener
    "artist_owned",  # their share of the artist's songs in the catalogue
    "songs_by_artist",  # the artist's songs, logarithm: the more, the less likely is each
    "artist_sound",  # closeness in sound to the nearest of the listener's tracks by the artist
    "artist_year",  # closeness in years to the nearest of them
    "artist_years",  # closeness in years, mean over them
)


def artist_features(
    embedded: EmbeddedCatalogue, profile: ListenerProfile, candidates: Ids
) -> Floats:
    """One row per candidate, one column per name in ARTIST_FEATURES.

    The closeness at distance d is 1 / (1 + d): 1 is the same, 0 is no track by the artist.
    """
    artists = embedded.catalogue.artists[candidates]
    by_artist = profile.tracks_by(artists)
    songs = embedded.catalogue.songs_by_artist[artists]
    share = by_artist / max(profile.artist_tracks.sum(), 1)
    owned = np.minimum(by_artist / songs, 1)
    close = np.zeros((len(candidates), 3))
    played = np.flatnonzero(np.isin(artists, embedded.catalogue.artists[profile.rows]))
    if len(played):
        close[played] = 1 / (1 + _distances(embedded, profile.rows, candidates[played]))
    return np.column_stack([by_artist, share, owned, np.log(songs), close])


def _distances(embedded: EmbeddedCatalogue, own: Ids, candidates: Ids) -> Floats:
    """Distance to the nearest in sound, to the nearest in years, and the mean in years."""
    artists, years = embedded.catalogue.artists, embedded.traits[:, FEATURES.index("year")]
    other = artists[candidates][:, None] != artists[own]
    coordinates = embedded.coordinates[SOUND]
    sound = np.ma.array(squared_distances(coordinates[candidates], coordinates[own]), mask=other)
    year = np.ma.array(np.abs(years[candidates][:, None] - years[own]), mask=other)
    return np.column_stack([np.sqrt(sound.min(axis=1)), year.min(axis=1), year.mean(axis=1)])
