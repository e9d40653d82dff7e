"""Listeners to evaluate: each playlist is one, with a fifth of its songs hidden from the model."""

from dataclasses import dataclass
from zlib import crc32

import numpy as np
import pandas as pd

from ml.arrays import Ids
from ml.dataset.catalogue import Catalogue

MIN_SONGS = 20
HIDDEN_SHARE = 0.2


@dataclass(frozen=True)
class Listener:
    """The rows of one playlist in the catalogue, one per song, split at random."""

    name: str
    given: Ids
    hidden: Ids


@dataclass(frozen=True)
class Playlists:
    """Listeners in the order of their names, and the numbers of what was left out."""

    listeners: list[Listener]
    count_playlists: int
    count_too_short: int
    count_tracks: int
    count_unknown_tracks: int  # entries whose track is not in the catalogue


def read_listeners(catalogue: Catalogue, playlists: pd.DataFrame, seed: int) -> Playlists:
    """Split each playlist by songs.

    Args:
        catalogue: The tracks.
        playlists: The columns playlist_id and track_id; an entry may occur twice. Playlists with
            fewer than MIN_SONGS songs of the catalogue are left out.
        seed: Decides a playlist's split together with its id, whatever the other playlists.
    """
    entries = playlists[["playlist_id", "track_id"]].drop_duplicates()
    rows = catalogue.track_ids.get_indexer(pd.Index(entries["track_id"]))
    known = entries.assign(row=rows)[rows >= 0]
    listeners = [
        _split(catalogue, str(name), np.sort(tracks.to_numpy()), seed)
        for name, tracks in known.groupby("playlist_id", sort=True)["row"]
        if len(np.unique(catalogue.songs[tracks])) >= MIN_SONGS
    ]
    count = entries["playlist_id"].nunique()
    return Playlists(
        listeners=listeners,
        count_playlists=count,
        count_too_short=count - len(listeners),
        count_tracks=len(entries),
        count_unknown_tracks=int((rows < 0).sum()),
    )


def _split(catalogue: Catalogue, name: str, rows: Ids, seed: int) -> Listener:
    songs, first = np.unique(catalogue.songs[rows], return_index=True)
    rows = rows[first]
    shuffled = np.random.default_rng([seed, crc32(name.encode())]).permutation(songs)
    is_hidden = np.isin(songs, shuffled[: round(HIDDEN_SHARE * len(shuffled))])
    return Listener(name, given=rows[~is_hidden], hidden=rows[is_hidden])
