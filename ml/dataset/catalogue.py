"""The catalogue in memory: each track's song, recording, artist and audio features."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ml.arrays import Floats, Ids
from ml.dataset.features import feature_matrix
from ml.dataset.names import Keys


@dataclass(frozen=True)
class Groups:
    """Which tracks belong together: the rows of each group, by the group's code."""

    codes: Ids  # (tracks,): from 0 on, without gaps

    @cached_property
    def sizes(self) -> Ids:
        """(groups,): how many tracks each has."""
        return np.bincount(self.codes)

    def rows_of(self, group: int) -> Ids:
        """The rows of one group's tracks."""
        end = self._ends[group]
        return self._rows[end - self.sizes[group] : end]

    def rows_by_group(self) -> list[Ids]:
        """The rows of every group, by code."""
        return np.split(self._rows, self._ends[:-1])

    @cached_property
    def _rows(self) -> Ids:
        """All rows, group by group."""
        return np.argsort(self.codes, kind="stable")

    @cached_property
    def _ends(self) -> Ids:
        """(groups,): the end of each group's rows in `_rows`."""
        return np.cumsum(self.sizes)


@dataclass(frozen=True)
class Catalogue:
    """Tracks in the order of their ids. Everywhere in ml a track is its row number here."""

    track_ids: pd.Index
    artist_names: NDArray[np.object_]  # as written; empty where missing
    titles: NDArray[np.object_]  # without the version, such as "live"; empty where missing
    full_titles: NDArray[np.object_]  # as written; empty where missing
    features: Floats  # (tracks, features), NaN where not measured
    artists: Ids
    songs: Ids
    isrcs: Ids  # -1 without one
    artist_index: pd.Index  # position = code
    song_index: pd.Index
    isrc_index: pd.Index

    @classmethod
    def from_frame(cls, frame: pd.DataFrame) -> "Catalogue":
        """Read a catalogue.

        Args:
            frame: The columns of `ml_catalogue_features`; rows in any order.

        Raises:
            ValueError: A column is missing, or a track_id occurs twice.
        """
        features = feature_matrix(frame)
        order = np.argsort(frame["track_id"].to_numpy(dtype=str), kind="stable")
        frame = frame.iloc[order].reset_index(drop=True)
        if not frame["track_id"].is_unique:
            raise ValueError("a track_id occurs twice in the catalogue")
        keys = Keys.of(frame)
        artists, artist_index = _coded(keys.artists)
        songs, song_index = _coded(keys.songs)
        isrcs, isrc_index = _coded(
            pa.array(frame["isrc"].astype(object).replace("", None), pa.string())
        )
        return cls(
            track_ids=pd.Index(frame["track_id"]),
            artist_names=frame["artist_name"].fillna("").to_numpy(dtype=object),
            titles=keys.titles.to_numpy(zero_copy_only=False),
            full_titles=frame["track_name"].fillna("").to_numpy(dtype=object),
            features=features[order],
            artists=artists,
            songs=songs,
            isrcs=isrcs,
            artist_index=artist_index,
            song_index=song_index,
            isrc_index=isrc_index,
        )

    def __len__(self) -> int:
        """Count of tracks."""
        return len(self.track_ids)

    @cached_property
    def by_artist(self) -> Groups:
        """The tracks of each artist; a track without an artist's name is a group of its own."""
        return Groups(self.artists)

    @cached_property
    def songs_by_artist(self) -> Ids:
        """(artists,): how many songs of each there are."""
        return np.bincount(self.artists[self.first_rows_of_songs], minlength=len(self.artist_index))

    @cached_property
    def first_rows_of_songs(self) -> Ids:
        """(songs,): the first row of each."""
        return _first_rows(self.songs)

    @cached_property
    def first_rows_of_isrcs(self) -> Ids:
        """(ISRCs,): the first row of each."""
        return _first_rows(self.isrcs)

    def locate(self, tracks: pd.DataFrame) -> pd.DataFrame:
        """Find tracks in the catalogue: by id, else by ISRC, else by song.

        Args:
            tracks: The columns track_id, track_name, artist_name and isrc.

        Returns:
            The tracks with `row` and the codes `song`, `isrc_code` and `artist`; each is -1 where
            the catalogue has none.
        """
        row = self.track_ids.get_indexer(pd.Index(tracks["track_id"]))
        isrc = self.isrc_index.get_indexer(pd.Index(tracks["isrc"]))
        keys = Keys.of(tracks)
        song = self.song_index.get_indexer(_index(keys.songs))
        artist = self.artist_index.get_indexer(_index(keys.artists))
        for codes, first in ((isrc, self.first_rows_of_isrcs), (song, self.first_rows_of_songs)):
            row = np.where(row < 0, np.append(first, -1)[codes], row)
        artist = np.where(row < 0, artist, np.append(self.artists, -1)[row])
        return tracks.assign(song=song, isrc_code=isrc, artist=artist, row=row)


def _coded(keys: pa.Array) -> tuple[Ids, pd.Index]:
    """The code of each key (-1 for null), and the distinct keys in ascending order, by code."""
    encoded = keys.dictionary_encode()
    order = pc.sort_indices(encoded.dictionary)
    position = np.empty(len(order) + 1, np.int64)
    position[order.to_numpy()], position[-1] = np.arange(len(order)), -1
    codes = position[encoded.indices.fill_null(-1).to_numpy()]
    return codes, _index(encoded.dictionary.take(order))


def _index(keys: pa.Array) -> pd.Index:
    return pd.Index(keys.to_numpy(zero_copy_only=False), dtype=object)


def _first_rows(codes: Ids) -> Ids:
    """The first row of each code; -1 is no code."""
    kinds, first = np.unique(codes, return_index=True)
    return first[kinds >= 0]
