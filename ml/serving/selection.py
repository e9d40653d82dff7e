"""Selection: from a ranked list to the tracks that are shown."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ml.dataset.profiles import ListenerProfile
from ml.embedding.embedded_catalogue import EmbeddedCatalogue
from ml.retrieval.clusters import interests


@dataclass(frozen=True)
class Limits:
    """How many tracks are shown, and how similar they may be."""

    tracks: int = 15
    per_artist: int = 2
    new_artists: int = 8  # least tracks by artists new to the listener, where there are enough


LIMITS = Limits()
DISCOVERY = {
    "familiar": Limits(new_artists=3),
    "balanced": LIMITS,
    "discover": Limits(new_artists=15),
}


def ranked(
    embedded: EmbeddedCatalogue, profile: ListenerProfile, scored: pd.DataFrame
) -> pd.DataFrame:
    """Sort scored tracks, and add the columns that `select` reads.

    Args:
        embedded: The catalogue.
        profile: The listener.
        scored: The columns `row` (of the catalogue) and `score`.

    Returns:
        Best first; ties by row, which is the order of track ids.
    """
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
    """Pick the tracks to show: one per song and recording, a few per artist, some by new artists.

    Half of the places for new artists are reserved for the listener's interests by their shares,
    rounded up for each. An interest whose share is less than one place of the list has none.

    Args:
        tracks: The columns that `ranked` gives, best first.
        limits: How many tracks to pick.

    Returns:
        The chosen rows in the same order; fewer than wanted where `tracks` has no more.
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
    """Whether a track has one of the reserved places of its interest."""
    places = np.ceil(tracks["interest_share"] * limits.new_artists / 2)
    counts = tracks["interest_share"] * limits.tracks >= 1
    reserved: pd.Series = counts & (tracks.groupby("interest").cumcount() < places)
    return reserved
