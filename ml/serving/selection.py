"""From a ranked list to the tracks that are shown."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ml.dataset.profiles import ListenerProfile
from ml.embedding.embedded_catalogue import EmbeddedCatalogue
from ml.retrieval.clusters import interests


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


def ranked(
    embedded: EmbeddedCatalogue, profile: ListenerProfile, scored: pd.DataFrame
) -> pd.DataFrame:
    """Best first, ties by track id (whose order is that of the rows), with what `select` reads."""
    ordered = scored.sort_values(["score", "row"], ascending=[False, True])
    rows = ordered["row"].to_numpy()
    artists = embedded.catalogue.artists[rows]
    interest, share = interests(embedded, profile, rows)
    return ordered.assign(
        song=embedded.catalogue.songs[rows],
        isrc_code=embedded.catalogue.isrcs[rows],
        artist=artists,
        is_new_artist=profile.tracks_by(artists) == 0,
        interest=interest,
        interest_share=share,
    )


def select(tracks: pd.DataFrame, limits: Limits = LIMITS) -> pd.DataFrame:
    """Pick rows of `tracks`: best first, with the columns that `ranked` adds.

    One per song under any id, a few per artist, a share by new artists; the order is kept. Half of
    the places for new artists, rounded up for each, are dealt to the listener's interests by their
    shares, if they would fill a place of the list. There are fewer rows than wanted where the list
    does not hold more.
    """
    same_recording = tracks["isrc_code"].duplicated() & (tracks["isrc_code"] >= 0)
    distinct = tracks.loc[~tracks["song"].duplicated() & ~same_recording]
    allowed = distinct.loc[distinct.groupby("artist").cumcount() < limits.per_artist]
    is_new = allowed["is_new_artist"].to_numpy(dtype=bool)
    reserved = is_new & _reserved(allowed[is_new], limits).reindex(allowed.index, fill_value=False)
    reserved &= reserved.cumsum() <= limits.new_artists
    unreserved = is_new & ~reserved
    discovery = reserved | (
        unreserved & (unreserved.cumsum() <= limits.new_artists - reserved.sum())
    )
    others = ~discovery
    places_left = limits.tracks - discovery.sum()
    chosen: pd.DataFrame = allowed[discovery | (others & (others.cumsum() <= places_left))]
    return chosen


def _reserved(tracks: pd.DataFrame, limits: Limits) -> pd.Series:
    """Whether a track has one of the places of its interest."""
    places = np.ceil(tracks["interest_share"] * limits.new_artists / 2)
    counts = tracks["interest_share"] * limits.tracks >= 1
    reserved: pd.Series = counts & (tracks.groupby("interest").cumcount() < places)
    return reserved
