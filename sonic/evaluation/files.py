"""Read the files that `sonic evaluate` is given, or say in one line what is wrong with them."""

import lzma
import zipfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa

from ingestion.kaggle import files
from sonic.errors import UserError

RENAMED = {
    "id": "track_id",
    "name": "track_name",
    "year": "release_year",
    "key": "musical_key",
    "mode": "musical_mode",
}
AS_THEY_ARE = (
    "duration_ms acousticness danceability energy instrumentalness liveness loudness speechiness "
    "tempo valence"
).split()
IN_POOL = ["energy", "valence", "danceability"]
UNKNOWN = {"release_year": 0, "tempo": 0, "musical_key": -1}
FIRST_OF_LIST = r"^\[(?:'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\")"
PLAYLIST_COLUMNS = ["playlist_id", "track_id"]
UNREADABLE = (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, ValueError)


def read_catalogue(path: Path) -> pd.DataFrame:
    """The columns of `ml_catalogue_features`, from a file in the layout of Kaggle's.

    One row per track id. InputError or UserError names the file and what is wrong with it.
    """
    files.check(path)
    rows = pa.Table.from_batches(files.batches(path, datetime.now(UTC))).to_pandas()
    columns = {new: rows[old] for old, new in RENAMED.items()} | {n: rows[n] for n in AS_THEY_ARE}
    frame = pd.DataFrame(columns).assign(
        artist_name=_first_of_list(rows["artists"]),
        artist_id=_first_of_list(rows["artist_ids"]),
        album_id=rows["album_id"],
        isrc=None,
    )
    for column, unknown in UNKNOWN.items():
        frame[column] = frame[column].mask(frame[column] == unknown)
    in_order = frame.sort_values([*frame.columns.drop("isrc")], kind="stable")
    pool = in_order.drop_duplicates("track_id").dropna(subset=IN_POOL)
    if pool.empty:
        raise UserError(f"{path}: no track in it has energy, valence and danceability.")
    return pool.reset_index(drop=True)


def read_playlists(path: Path) -> pd.DataFrame:
    """The columns playlist_id and track_id, a row an entry; rows without either are left out.

    UserError names the file and what is wrong with it.
    """
    if not path.is_file():
        raise UserError(f"{path}: there is no such file; name a CSV of playlists.")
    try:
        header = pd.read_csv(path, nrows=0, encoding="utf-8-sig").columns
        missing = [column for column in PLAYLIST_COLUMNS if column not in header]
        if missing:
            raise UserError(f"{path}: it lacks the column(s) {', '.join(missing)}.")
        entries = pd.read_csv(
            path,
            usecols=PLAYLIST_COLUMNS,
            dtype=str,
            encoding="utf-8-sig",
            keep_default_na=False,  # a playlist may be called NA
            na_values=[""],
        )
    except pd.errors.EmptyDataError:
        raise UserError(f"{path}: it is empty; name a CSV of playlists.") from None
    except UNREADABLE as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise UserError(f"{path}: not a readable CSV of playlists: {reason}") from None
    return entries[PLAYLIST_COLUMNS].dropna().reset_index(drop=True)


def _first_of_list(lists: pd.Series) -> pd.Series:
    """The first text of a Python list's text: what the macro `first_of_list` gives."""
    parts = lists.astype("string").str.extract(FIRST_OF_LIST)
    first = parts[0].fillna(parts[1]).str.replace(r"\\(['\"\\])", r"\1", regex=True)
    return first.mask(first == "").astype(object)
