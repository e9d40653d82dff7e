"""Read the files of `sonic evaluate`, or say in one line what is wrong with them."""

import lzma
import zipfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from ingestion.kaggle import files
from ingestion.tables import KAGGLE, RECCOBEATS, SPOTIFY
from sonic.engines.compiled import compiled, create_views
from sonic.errors import UserError

BRONZE = {**KAGGLE, **RECCOBEATS, **SPOTIFY}  # what ml_catalogue_features is built from
TRACKS = "kaggle_tracks_features"
PLAYLIST_COLUMNS = ["playlist_id", "track_id"]
UNREADABLE = (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, ValueError)


def read_catalogue(path: Path, cache: Path | None = None) -> pd.DataFrame:
    """Read a catalogue file as dbt would build `ml_catalogue_features` of it.

    The model's own SQL runs in memory, over a Bronze that holds only this file, so no track has an
    ISRC.

    Args:
        path: A file in the layout of Kaggle's tracks_features.
        cache: The folder that keeps the compiled SQL; see `compiled`.

    Returns:
        The model's columns, one row per track that has energy, valence and danceability, ordered
        by track_id.

    Raises:
        InputError: The file or a row of it cannot be used.
        UserError: No track has energy, valence and danceability.
        StageError: dbt cannot compile the model.
    """
    files.check(path)
    tracks = pa.Table.from_batches(files.batches(path, datetime.now(UTC)))
    with duckdb.connect() as connection:
        connection.execute("create schema bronze")
        for name, schema in BRONZE.items():
            connection.register("given", tracks if name == TRACKS else schema.empty_table())
            connection.execute(
                f"create table bronze.{name} as select *, captured_at as loaded_at from given"
            )
        model = create_views(connection, compiled("ml_catalogue_features", cache))
        rows = connection.execute(f"from {model} order by track_id").to_arrow_table()
    frame: pd.DataFrame = rows.to_pandas()
    if frame.empty:
        raise UserError(f"{path}: no track in it has energy, valence and danceability.")
    return frame


def read_playlists(path: Path) -> pd.DataFrame:
    """Read a CSV of playlists; rows without a playlist_id or track_id are skipped.

    Returns:
        The columns playlist_id and track_id, one row per entry, in the file's order.

    Raises:
        UserError: The file cannot be read or lacks a column.
    """
    if not path.is_file():
        raise UserError(f"{path}: there is no such file; give a CSV of playlists.")
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
        raise UserError(f"{path}: it is empty; give a CSV of playlists.") from None
    except UNREADABLE as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise UserError(f"{path}: not a readable CSV of playlists: {reason}") from None
    return entries[PLAYLIST_COLUMNS].dropna().reset_index(drop=True)
