"""The catalogue: all tracks, in the 24 columns of the Kaggle "1.2M+ songs" file.

The rows stay in one data frame. A row becomes a `Track` on demand, so that a large file loads
fast.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from simulator.world import ids
from simulator.world.files import parse_list, read_columns
from simulator.world.generate import generate_tracks
from simulator.world.music import COLUMNS, FEATURES, Album, Artist, Track

_TEXT = (
    "id", "name", "album", "album_id", "artists", "artist_ids", "explicit", "release_date",
)  # fmt: skip
_WHOLE = ("track_number", "disc_number", "key", "mode", "duration_ms", "time_signature", "year")
_REQUIRED = ("id", "name", "artists", "duration_ms", "year", *FEATURES)
_UNKNOWN_ARTIST = "Unknown Artist"
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")
_TYPICAL_MS = 210_000


class Catalogue:
    """Tracks by id, with their albums, artists and acoustic features.

    Args:
        frame: One row per track, the 24 columns of `COLUMNS`; all but `id` may be null.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame.reset_index(drop=True)
        self._columns = {name: self.frame[name].to_numpy() for name in COLUMNS}
        self.track_ids: Sequence[str] = self._columns["id"].tolist()
        self._rows = {track_id: row for row, track_id in enumerate(self.track_ids)}
        self._tracks: dict[int, Track] = {}

    @classmethod
    def generate(cls, seed: int, size: int = 20_000) -> Self:
        """Generate a catalogue of `size` tracks, always the same for a seed."""
        return cls(generate_tracks(seed, size))

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Read a file in the Kaggle layout (`.csv`, `.csv.gz`).

        Raises:
            ValueError: The file is not a CSV, lacks a column or has no tracks.
        """
        return cls(read_columns(path, COLUMNS, _REQUIRED, _TEXT))

    def write_csv(self, path: str | Path) -> None:
        """Write the Kaggle layout; a path that ends in `.gz` is compressed."""
        whole = {name: self.frame[name].astype("Int64") for name in _WHOLE}
        self.frame.assign(**whole).to_csv(path, index=False)

    def __len__(self) -> int:
        return len(self.track_ids)

    def __contains__(self, track_id: str) -> bool:
        return track_id in self._rows

    def track(self, track_id: str) -> Track:
        """Return a track; raises KeyError if the catalogue does not have it."""
        row = self._rows[track_id]
        if row not in self._tracks:
            self._tracks[row] = self._parse(row)
        return self._tracks[row]

    def features(self, track_id: str) -> dict[str, float] | None:
        """Return the eleven acoustic features of a track; None if one was not measured."""
        row = self._rows[track_id]
        values = {name: self._columns[name][row].item() for name in FEATURES}
        if any(value != value for value in values.values()):
            return None
        return values | {"key": int(values["key"]), "mode": int(values["mode"])}

    def artist(self, artist_id: str) -> Artist | None:
        """Find an artist by id."""
        return self._artists.get(artist_id)

    def album_tracks(self, album_id: str) -> list[Track]:
        """List the tracks of an album, in their order; empty if there is no such album."""
        code = self._albums.get(album_id)
        if code is None:
            return []
        rows = np.flatnonzero(self._album_codes == code).tolist()
        tracks = [self.track(self.track_ids[row]) for row in rows]
        return sorted(tracks, key=lambda track: (track.disc_number, track.track_number))

    def with_isrc(self, isrc: str) -> list[str]:
        """List the ids of a recording; the first call computes the ISRCs of all tracks."""
        return self._isrcs.get(isrc, []) if _ISRC.fullmatch(isrc) else []

    def rows(self, track_ids: Iterable[str]) -> list[int]:
        """Return the row numbers of the tracks that the catalogue has."""
        return [self._rows[track_id] for track_id in track_ids if track_id in self._rows]

    @cached_property
    def space(self) -> npt.NDArray[np.float32]:
        """Acoustic space: one row per track, standardised; 0 where it was not measured."""
        names = [name for name in FEATURES if name not in ("key", "mode")]
        matrix = self.frame[names].to_numpy(np.float32)
        matrix -= np.nanmean(matrix, axis=0)
        matrix /= np.nanstd(matrix, axis=0) + np.float32(1e-6)
        known: npt.NDArray[np.float32] = np.nan_to_num(matrix, copy=False)
        return known

    @cached_property
    def first_artists(self) -> npt.NDArray[np.object_]:
        """The name of each track's first artist, by row."""
        names = [(parse_list(text) or [_UNKNOWN_ARTIST])[0] for text in self._columns["artists"]]
        return np.array(names, dtype=object)

    @cached_property
    def _album_titles(self) -> "pd.Series[str]":
        return self.frame["album"].fillna(self.frame["name"]).fillna("")

    @cached_property
    def _album_codes(self) -> npt.NDArray[np.intp]:
        """Albums as numbers, by row: by id, else by title and first artist."""
        by_name = self._album_titles + "\x1f" + self.first_artists
        return pd.factorize(self.frame["album_id"].fillna(by_name))[0]

    @cached_property
    def _album_sizes(self) -> npt.NDArray[np.intp]:
        return np.bincount(self._album_codes)

    @cached_property
    def _albums(self) -> dict[str, int]:
        codes, first_rows = np.unique(self._album_codes, return_index=True)
        return {self._album_id(row): int(code) for code, row in zip(codes, first_rows, strict=True)}

    @cached_property
    def _artists(self) -> dict[str, Artist]:
        credited = self.frame[["artists", "artist_ids"]].drop_duplicates().index
        return {artist.artist_id: artist for row in credited for artist in self._credits(row)}

    @cached_property
    def _known_artist_ids(self) -> dict[str, str]:
        """Artist ids by name, from the rows that have them, for the rows that lack them."""
        found: dict[str, str] = {}
        rows = self.frame[["artists", "artist_ids"]].dropna().drop_duplicates()
        for names, given in zip(rows["artists"], rows["artist_ids"], strict=True):
            for name, artist_id in zip(parse_list(names), parse_list(given), strict=False):
                found.setdefault(name, artist_id)
        return found

    @cached_property
    def _isrcs(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for track_id, row in self._rows.items():
            found.setdefault(self._isrc(row), []).append(track_id)
        return found

    def _parse(self, row: int) -> Track:
        artists = self._credits(row)
        year = int(self._number("year", row, 0))
        album = Album(
            album_id=self._album_id(row),
            name=self._album_titles[row],
            artist=artists[0],
            release_date=self._text("release_date", row) or f"{year:04d}",
            count_tracks=int(self._album_sizes[self._album_codes[row]]),
        )
        return Track(
            track_id=self.track_ids[row],
            name=self._text("name", row),
            album=album,
            artists=artists,
            duration_ms=int(self._number("duration_ms", row, _TYPICAL_MS)),
            is_explicit=str(self._columns["explicit"][row]) == "True",
            disc_number=int(self._number("disc_number", row, 1)),
            track_number=int(self._number("track_number", row, 1)),
            isrc=self._isrc(row),
            year=year,
        )

    def _text(self, column: str, row: int) -> str:
        value = self._columns[column][row]
        return value if isinstance(value, str) else ""

    def _number(self, column: str, row: int, default: int) -> float:
        value: float = self._columns[column][row]
        return default if value != value else value

    def _credits(self, row: int) -> tuple[Artist, ...]:
        names = parse_list(self._columns["artists"][row]) or [_UNKNOWN_ARTIST]
        given = parse_list(self._columns["artist_ids"][row])
        if len(given) != len(names):
            known = self._known_artist_ids
            given = [known.get(name) or ids.spotify_id("artist", name) for name in names]
        return tuple(map(Artist, given, names))

    def _album_id(self, row: int) -> str:
        given = self._text("album_id", row)
        return given or ids.spotify_id("album", self._album_titles[row], self.first_artists[row])

    def _isrc(self, row: int) -> str:
        duration_ms = int(self._number("duration_ms", row, _TYPICAL_MS))
        return ids.isrc(self._text("name", row), self.first_artists[row], duration_ms)
