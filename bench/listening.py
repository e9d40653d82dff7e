"""A synthetic catalogue of realistic size, and its listeners, as the frames that ml reads."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

GENRES = 200
TRACKS_PER_ARTIST = 7.5  # as in Kaggle's 1.2 M tracks; few artists have hundreds
SHARES = "acousticness danceability energy instrumentalness liveness speechiness valence".split()
ALBUM_TRACKS = 12  # at most
WORDS = 5_000
DRAWN = 120  # tracks per listener, some of them more than once
FIRST_YEAR, LAST_YEAR = 1960, 2020


def catalogue(tracks: int, seed: int) -> pd.DataFrame:
    """Generate a catalogue: artists sound like their genre, tracks like their artist.

    Args:
        tracks: How many rows.
        seed: The same one gives the same rows.

    Returns:
        The columns of `ml_catalogue_features` that ml reads.
    """
    rng = np.random.default_rng(seed)
    artists = int(tracks / TRACKS_PER_ARTIST)
    size = rng.lognormal(0, 1.2, artists)
    artist = np.sort(rng.choice(artists, tracks, p=size / size.sum()))
    genre = np.arange(artists) * GENRES // artists
    sound = rng.normal(0, 1, (GENRES, 9))[genre] + rng.normal(0, 0.7, (artists, 9))
    sounds = sound[artist] + rng.normal(0, 0.8, (tracks, 9))
    year = rng.integers(FIRST_YEAR, LAST_YEAR, GENRES)[genre] + rng.integers(-8, 9, artists)
    number = pa.array(np.arange(tracks)).cast(pa.string())
    frame = pd.DataFrame(
        {
            "track_id": pc.binary_join_element_wise("t", pc.utf8_lpad(number, 21, "0"), ""),
            "track_name": _titles(tracks, rng),
            "artist_name": _numbered("Artist ", artist),
            "artist_id": _numbered("a", artist),
            "album_id": pc.binary_join_element_wise(
                _numbered("b", artist), _numbered("", np.arange(tracks) // ALBUM_TRACKS), "-"
            ),
            "isrc": None,
            "release_year": np.clip(year[artist] + rng.integers(-3, 4, tracks), 1921, LAST_YEAR),
            "duration_ms": np.exp(rng.normal(12.3, 0.35, tracks)).astype(int),
            "loudness": -9 + 4 * sounds[:, 7],
            "tempo": np.clip(120 + 20 * sounds[:, 8], 50, 220),
            "musical_key": rng.integers(0, 12, tracks),
            "musical_mode": rng.integers(0, 2, tracks),
        }
    )
    return frame.assign(**{n: 1 / (1 + np.exp(-sounds[:, i])) for i, n in enumerate(SHARES)})


def signal(catalogue: pd.DataFrame, listeners: int, seed: int) -> pd.DataFrame:
    """Generate listeners: each likes about 75 tracks by thirty artists.

    Half of these artists are of one genre, in a circle that about ten listeners share; the others
    are random.

    Args:
        catalogue: From `catalogue`.
        listeners: How many.
        seed: The same one gives the same rows.

    Returns:
        The columns of `ml_listener_signal` that ml reads.
    """
    rng = np.random.default_rng(seed)
    artist = catalogue["artist_id"].factorize()[0]
    count = artist[-1] + 1
    bounds = np.concatenate([[0], np.cumsum(np.bincount(artist))])
    favourites = rng.integers(0, count, (listeners, 30))
    circle = rng.integers(0, max(listeners // 10, 1), (listeners, 1)) * 997
    favourites[:, :15] = (circle + rng.integers(0, 60, (listeners, 15))) % count
    chosen = np.take_along_axis(favourites, rng.integers(0, 30, (listeners, DRAWN)), axis=1)
    size = bounds[chosen + 1] - bounds[chosen]
    rows = (bounds[chosen] + (rng.random(chosen.shape) * size).astype(int)).ravel()
    liked = catalogue.iloc[rows][["track_id", "track_name", "artist_name", "isrc"]]
    users = np.repeat([f"listener{i:06}" for i in range(listeners)], DRAWN)
    liked = liked.assign(user_id=users, strength=1.0)
    return liked.drop_duplicates(["user_id", "track_id"]).reset_index(drop=True)


def _titles(count: int, rng: np.random.Generator) -> pa.Array:
    """Titles of one to three words."""
    letters = rng.integers(97, 123, (WORDS, 12)).astype(np.uint8)
    lengths = rng.integers(2, 12, WORDS)
    words = pa.array([bytes(row[:end]).decode() for row, end in zip(letters, lengths, strict=True)])
    drawn = (WORDS * rng.random((3, count)) ** 2).astype(int)  # some words are in many titles
    first, second, third = (words.take(pa.array(one)) for one in drawn)
    more = pc.binary_join_element_wise(second, third, " ")
    return pc.binary_join_element_wise(
        first, pc.if_else(rng.random(count) < 0.5, second, more), " "
    )


def _numbered(prefix: str, numbers: np.ndarray) -> pa.Array:
    return pc.binary_join_element_wise(prefix, pa.array(numbers).cast(pa.string()), "")
