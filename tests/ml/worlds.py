"""Small made-up catalogues and listeners: artists in schools that share a sound."""

import numpy as np
import pandas as pd

from ml.dataset.catalogue import Catalogue
from ml.embedding.embedded_catalogue import EmbeddedCatalogue, Spaces, learn_scale

AS_OF = pd.Timestamp("2026-05-31 06:00:00").to_pydatetime()


def catalogue(tracks: int = 1_500, schools: int = 8, seed: int = 1) -> pd.DataFrame:
    """`ml_catalogue_features`: about six tracks an artist, ten artists or more a school."""
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


def school_of(embedded: pd.DataFrame, schools: int = 8) -> pd.Series:
    """The school of each track's artist, by number."""
    return embedded["artist_name"].str.split().str[1].astype(int) % schools


def with_albums(embedded: pd.DataFrame, schools: int = 8, tracks: int = 12) -> pd.DataFrame:
    """The catalogue with an album of every track, of one school each by as many artists."""
    school = school_of(embedded, schools)
    place = embedded.groupby(school).cumcount()
    albums = max(len(embedded) // schools // tracks, 1)
    return embedded.assign(album_id="b" + school.astype(str) + "-" + (place % albums).astype(str))


def signal(embedded: pd.DataFrame, **likes: list[str]) -> pd.DataFrame:
    """`ml_listener_signal`: each keyword a listener, its value track ids of the catalogue."""
    rows = [(user, track, 1.0) for user, tracks in likes.items() for track in tracks]
    frame = pd.DataFrame(rows, columns=["user_id", "track_id", "strength"])
    names = embedded[["track_id", "track_name", "artist_name", "isrc"]]
    return frame.merge(names, on="track_id", how="left")


def school_fans(embedded: pd.DataFrame, schools: int = 8, tracks: int = 40) -> pd.DataFrame:
    """One listener per school, `fan0` and on, who likes tracks of that school only."""
    school = school_of(embedded, schools)
    return signal(
        embedded,
        **{
            f"fan{i}": embedded.loc[school == i, "track_id"].sample(tracks, random_state=i).tolist()
            for i in range(schools)
        },
    )


def embed(frame: pd.DataFrame) -> EmbeddedCatalogue:
    """A catalogue in spaces that are learned from it alone."""
    tracks = Catalogue.from_frame(frame)
    scale = learn_scale(tracks, seed=0)
    columns = scale.track_matrix(tracks)
    return EmbeddedCatalogue.embed(tracks, Spaces.learn(scale, tracks, columns, []), columns)


def users(*names: str) -> pd.DataFrame:
    """`stg_sonic__listeners` as far as ml reads it."""
    return pd.DataFrame({"user_id": list(names)}, dtype=object)
