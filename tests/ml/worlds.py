"""Small synthetic catalogues and listeners: artists in schools that share a sound."""

import numpy as np
import pandas as pd

from ml.dataset.catalogue import Catalogue
from ml.embedding.embedded_catalogue import EmbeddedCatalogue, Spaces, learn_scale

AS_OF = pd.Timestamp("2026-05-31 06:00:00").to_pydatetime()


def catalogue(tracks: int = 1_500, schools: int = 8, seed: int = 1) -> pd.DataFrame:
    """`ml_catalogue_features`: about six tracks per artist, at least ten artists per school."""
    rng = np.random.default_rng(seed)
    artist = np.sort(rng.integers(0, max(tracks // 6, 1), tracks))
    school = artist % schools
    tone = rng.random((schools, 7))[school]

    def share(column: int) -> np.ndarray:
        return np.clip(tone[:, column] + rng.normal(0, 0.1, tracks), 0, 1)

    number = np.arange(tracks)
    return pd.DataFrame(
        {
            "track_id": [f"t{i:05}" for i in number],
            "track_name": [f"Song {i}" for i in number],
            "artist_name": [f"Artist {i}" for i in artist],
            "artist_id": None,
            "isrc": [f"ISRC{i:05}" if i % 2 else None for i in number],
            "release_year": (1970 + 6 * school + rng.integers(0, 6, tracks)).astype(float),
            "duration_ms": rng.integers(120_000, 300_000, tracks),
            "acousticness": share(0),
            "danceability": share(1),
            "energy": share(2),
            "instrumentalness": share(3),
            "liveness": share(4),
            "loudness": -20 * share(5),
            "speechiness": share(6),
            "tempo": 90 + 6.0 * school + rng.normal(0, 5, tracks),
            "valence": share(2),
            "musical_key": rng.integers(0, 12, tracks),
            "musical_mode": rng.integers(0, 2, tracks),
        }
    )


def school_of(frame: pd.DataFrame, schools: int = 8) -> pd.Series:
    """The number of each track's school."""
    return frame["artist_name"].str.split().str[1].astype(int) % schools


def with_albums(frame: pd.DataFrame, schools: int = 8, tracks: int = 12) -> pd.DataFrame:
    """The catalogue with albums: each has tracks of one school by many artists."""
    school = school_of(frame, schools)
    position = frame.groupby(school).cumcount()
    albums = max(len(frame) // schools // tracks, 1)
    return frame.assign(album_id="b" + school.astype(str) + "-" + (position % albums).astype(str))


def signal(frame: pd.DataFrame, **likes: list[str]) -> pd.DataFrame:
    """`ml_listener_signal`: each keyword is a listener, its value track ids of the catalogue."""
    rows = [(user, track, 1.0) for user, tracks in likes.items() for track in tracks]
    likes_frame = pd.DataFrame(rows, columns=["user_id", "track_id", "strength"])
    names = frame[["track_id", "track_name", "artist_name", "isrc"]]
    return likes_frame.merge(names, on="track_id", how="left")


def school_fans(frame: pd.DataFrame, schools: int = 8, tracks: int = 40) -> pd.DataFrame:
    """One listener per school, `fan0` and so on, who likes tracks of that school only."""
    school = school_of(frame, schools)
    return signal(
        frame,
        **{
            f"fan{i}": frame.loc[school == i, "track_id"].sample(tracks, random_state=i).tolist()
            for i in range(schools)
        },
    )


def embed(frame: pd.DataFrame) -> EmbeddedCatalogue:
    """Embed a catalogue in spaces that are learned from it alone."""
    tracks = Catalogue.from_frame(frame)
    scale = learn_scale(tracks, seed=0)
    columns = scale.track_matrix(tracks)
    return EmbeddedCatalogue.embed(tracks, Spaces.learn(scale, tracks, columns, []), columns)


def users(*names: str) -> pd.DataFrame:
    """The columns of `stg_sonic__listeners` that ml reads."""
    return pd.DataFrame({"user_id": list(names)}, dtype=object)
