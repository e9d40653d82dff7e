"""Replace the catalogue in Bronze by a file, once per version of the file."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
from dlt.common.destination.exceptions import DestinationUndefinedEntity
from dlt.common.schema.typing import TWriteDisposition

from ingestion.errors import InputError
from ingestion.kaggle.files import batches, check
from ingestion.load import Bronze
from ingestion.tables import KAGGLE

MIN_SHARE = 0.8  # of the previous rows; a shorter file of the same name counts as cut short
TRACKS = {"kaggle_tracks_features": KAGGLE["kaggle_tracks_features"]}
FILES = {"kaggle_files": KAGGLE["kaggle_files"]}


@dataclass(frozen=True)
class Held:
    """The file whose rows are in Bronze; `dataset_version` is Kaggle's, None for a local file."""

    sha256: str
    name: str
    dataset_version: int | None
    count_rows: int


def held_file(bronze: Bronze) -> Held | None:
    """Find the file that the catalogue in Bronze comes from.

    Args:
        bronze: Holds the catalogue.

    Returns:
        The file; None before the first load, and after a killed load whose rows are newer than
        its record.

    Raises:
        SourceError: Bronze cannot be read.
    """
    try:
        files = bronze.read("kaggle", "select * from kaggle_files").to_pylist()
        ((rows_at,),) = bronze.query("kaggle", "select max(loaded_at) from kaggle_tracks_features")
    except DestinationUndefinedEntity:
        return None
    newest = max(files, key=lambda file: file["loaded_at"], default=None)
    if newest is None or (rows_at and rows_at > newest["loaded_at"]):
        return None
    return Held(
        newest["sha256"], newest["source_file"], newest["dataset_version"], newest["count_rows"]
    )


def replace_catalogue(
    bronze: Bronze, path: Path, captured_at: datetime, dataset_version: int | None = None
) -> int:
    """Load a file in the Kaggle layout unless Bronze holds it already.

    The previous catalogue stays until the last row of the new one is loaded. If the file turns
    out to be invalid or cut short, it stays for good. The file is recorded after its rows, so that
    a killed load is repeated.

    Args:
        bronze: Gets the rows.
        path: The file: `.csv`, `.csv.gz`, `.zip` or `.parquet`.
        captured_at: The instant to write to every row.
        dataset_version: Kaggle's version of the file; None for a local file.

    Returns:
        The number of tracks.

    Raises:
        InputError: The file is invalid, cut short, or much shorter than the one of the same name
            before it.
        SourceError: Bronze cannot be read or written.
    """
    check(path)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    held = held_file(bronze)
    if held and (held.sha256, held.dataset_version) == (sha256, dataset_version):
        return held.count_rows
    tracks = {"kaggle_tracks_features": _checked(path, captured_at, held)}
    # `replace` writes all rows twice, first to a staging table: not needed for the first file.
    disposition: TWriteDisposition = "replace" if _count(bronze) else "append"
    count = bronze.load("kaggle", TRACKS, tracks, disposition)["kaggle_tracks_features"]
    record = {
        "sha256": sha256,
        "dataset_version": dataset_version,
        "size_bytes": path.stat().st_size,
        "count_rows": count,
        "source_file": path.name,
        "captured_at": captured_at,
    }
    bronze.load(
        "kaggle", FILES, {"kaggle_files": pa.Table.from_pylist([record], FILES["kaggle_files"])}
    )
    return count


def keep_catalogue(bronze: Bronze) -> int:
    """Leave the catalogue as it is, and create its tables if they do not exist.

    Args:
        bronze: Holds the catalogue.

    Returns:
        The number of tracks; 0 before the first file.

    Raises:
        SourceError: Bronze cannot be read or written.
    """
    bronze.declare("kaggle", KAGGLE)
    return _count(bronze)


def _count(bronze: Bronze) -> int:
    try:
        found = bronze.query("kaggle", "select count(*) from kaggle_tracks_features")
    except DestinationUndefinedEntity:
        return 0
    return int(found[0][0])


def _checked(path: Path, captured_at: datetime, held: Held | None) -> Iterator[pa.RecordBatch]:
    """Yield the rows; raises InputError after the last one if the file is probably cut short."""
    count = 0
    for batch in batches(path, captured_at):
        count += len(batch)
        yield batch
    if held and held.name == path.name and count < MIN_SHARE * held.count_rows:
        raise InputError(
            f"{path}: it has {count:,} tracks, but the {path.name} loaded before had "
            f"{held.count_rows:,}, so it may be cut short; rename it if it is complete."
        )
