"""What a candidate has to do with the listener's tracks by the same artist."""

import numpy as np

from ml.arrays import Floats, Ids, squared_distances
from ml.dataset.features import FEATURES
from ml.dataset.profiles import ListenerProfile
from ml.embedding.embedded_catalogue import SOUND, EmbeddedCatalogue

ARTIST_FEATURES = (
    "artist_tracks",  # the listener's by the candidate's artist
    "artist_share",  # of all tracks of the listener
    "artist_owned",  # of all songs by the artist in the catalogue
    "songs_by_artist",  # their number, logarithm: of many, each is the less likely
    "artist_sound",  # how close the nearest of the listener's tracks by the artist sounds
    "artist_year",  # how close the nearest in years is
    "artist_years",  # and they all on average
)


def artist_features(
    embedded: EmbeddedCatalogue, profile: ListenerProfile, candidates: Ids
) -> Floats:
    """One row per candidate, one column per name in ARTIST_FEATURES.

    A distance d is told as 1 / (1 + d): 1 is the same, 0 is no track by the artist.
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
    """To the nearest by sound, to the nearest in years, and in years on average."""
    artists, years = embedded.catalogue.artists, embedded.traits[:, FEATURES.index("year")]
    other = artists[candidates][:, None] != artists[own]
    coordinates = embedded.coordinates[SOUND]
    sound = np.ma.array(squared_distances(coordinates[candidates], coordinates[own]), mask=other)
    year = np.ma.array(np.abs(years[candidates][:, None] - years[own]), mask=other)
    return np.column_stack([np.sqrt(sound.min(axis=1)), year.min(axis=1), year.mean(axis=1)])
