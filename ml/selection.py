"""From a ranked list to the tracks that are shown."""

from dataclasses import dataclass

import pandas as pd

from ml.catalogue import Catalogue
from ml.tastes import Taste


@dataclass(frozen=True)
class Limits:
    """How many tracks, and how alike they may be."""

    tracks: int = 15
    per_artist: int = 2
    new_artists: int = 8  # tracks by artists new to the listener, where there are so many


LIMITS = Limits()
DISCOVERY = {
    "familiar": Limits(new_artists=3),
    "balanced": LIMITS,
    "discover": Limits(new_artists=15),
}


def ranked(catalogue: Catalogue, taste: Taste, scored: pd.DataFrame) -> pd.DataFrame:
    """Best first, ties by track id (whose order is that of the rows), with what `select` reads."""
    ordered = scored.sort_values(["score", "row"], ascending=[False, True])
    rows = ordered["row"].to_numpy()
    artists = catalogue.artists[rows]
    return ordered.assign(
        song=catalogue.songs[rows],
        isrc_code=catalogue.isrcs[rows],
        artist=artists,
        is_new_artist=taste.tracks_by(artists) == 0,
    )


def select(tracks: pd.DataFrame, limits: Limits = LIMITS) -> pd.DataFrame:
    """Pick rows of `tracks` (best first; columns song, isrc_code, artist, is_new_artist).

    One per song under any id, a few per artist, a share by new artists; the order is kept. There
    are fewer rows than wanted where the list does not hold more.
    """
    same_recording = tracks["isrc_code"].duplicated() & (tracks["isrc_code"] >= 0)
    distinct = tracks.loc[~tracks["song"].duplicated() & ~same_recording]
    allowed = distinct.loc[distinct.groupby("artist").cumcount() < limits.per_artist]
    is_new = allowed["is_new_artist"].to_numpy(dtype=bool)
    discovery = is_new & (is_new.cumsum() <= limits.new_artists)
    others = ~discovery
    places_left = limits.tracks - discovery.sum()
    chosen: pd.DataFrame = allowed[discovery | (others & (others.cumsum() <= places_left))]
    return chosen
