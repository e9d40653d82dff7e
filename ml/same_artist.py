"""What a candidate has to do with the listener's tracks by the same artist."""

import numpy as np

from ml.catalogue import Codes
from ml.features import FEATURES
from ml.pool import SOUND, Pool
from ml.space import Matrix, squared_distances
from ml.tastes import Taste

ARTIST_FEATURES = (
    "artist_tracks",  # the listener's by the candidate's artist
    "artist_share",  # of all tracks of the listener
    "artist_owned",  # of all songs by the artist in the catalogue
    "songs_by_artist",  # their number, logarithm: of many, each is the less likely
    "artist_sound",  # how close the nearest of the listener's tracks by the artist sounds
    "artist_year",  # how close the nearest in years is
    "artist_years",  # and they all on average
)


def artist_features(pool: Pool, taste: Taste, candidates: Codes) -> Matrix:
    """One row per candidate, one column per name in ARTIST_FEATURES.

    A distance d is told as 1 / (1 + d): 1 is the same, 0 is no track by the artist.
    """
    artists = pool.catalogue.artists[candidates]
    by_artist = taste.tracks_by(artists)
    songs = pool.catalogue.songs_by_artist[artists]
    share = by_artist / max(taste.artist_tracks.sum(), 1)
    owned = np.minimum(by_artist / songs, 1)
    close = np.zeros((len(candidates), 3))
    played = np.flatnonzero(np.isin(artists, pool.catalogue.artists[taste.rows]))
    if len(played):
        close[played] = 1 / (1 + _distances(pool, taste.rows, candidates[played]))
    return np.column_stack([by_artist, share, owned, np.log(songs), close])


def _distances(pool: Pool, own: Codes, candidates: Codes) -> Matrix:
    """To the nearest by sound, to the nearest in years, and in years on average."""
    artists, years = pool.catalogue.artists, pool.traits[:, FEATURES.index("year")]
    other = artists[candidates][:, None] != artists[own]
    places = pool.places[SOUND]
    sound = np.ma.array(squared_distances(places[candidates], places[own]), mask=other)
    year = np.ma.array(np.abs(years[candidates][:, None] - years[own]), mask=other)
    return np.column_stack([np.sqrt(sound.min(axis=1)), year.min(axis=1), year.mean(axis=1)])
