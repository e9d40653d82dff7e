"""Replace the catalogue in Bronze by a file, once for each version of the file."""

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

LEAST_SHARE = 0.8  # of the former rows; a shorter file of the same name is taken for a cut one
TRACKS = {"kaggle_tracks_features": KAGGLE["kaggle_tracks_features"]}
FILES = {"kaggle_files": KAGGLE["kaggle_files"]}


@dataclass(frozen=True)
class Held:
    """The file whose rows Bronze holds; `dataset_version` is Kaggle's, None for a local file."""

    sha256: str
    name: str
    dataset_version: int | None
    count_rows: int


def held_file(bronze: Bronze) -> Held | None:
    """Return the file that the rows in Bronze come from.

    None before the first one, and where a killed load left rows that are newer than its record.
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
    """Load a file in the Kaggle layout unless Bronze holds it already; return its rows.

    The former catalogue stays as it was until the last row of the new one is there, and for good
    if the file turns out to be bad or cut short, which is an InputError. The file is recorded
    after its rows, so that a load that was killed is done again.
    """
    check(path)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    held = held_file(bronze)
    if held and (held.sha256, held.dataset_version) == (sha256, dataset_version):
        return held.count_rows
    tracks = {"kaggle_tracks_features": _whole(path, captured_at, held)}
    # A replacement is written twice, to stand ready beside the former rows; the first one need not.
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
    """Leave the catalogue as it is, empty before its first file; return its rows."""
    bronze.declare("kaggle", KAGGLE)
    return _count(bronze)


def _count(bronze: Bronze) -> int:
    try:
        found = bronze.query("kaggle", "select count(*) from kaggle_tracks_features")
    except DestinationUndefinedEntity:
        return 0
    return int(found[0][0])


def _whole(path: Path, captured_at: datetime, held: Held | None) -> Iterator[pa.RecordBatch]:
    """Yield the rows; InputError after the last one if the file is likely to be cut short."""
    count = 0
    for batch in batches(path, captured_at):
        count += len(batch)
        yield batch
    if held and held.name == path.name and count < LEAST_SHARE * held.count_rows:
        raise InputError(
            f"{path}: it has {count:,} tracks, but the {path.name} loaded before had "
            f"{held.count_rows:,}, so it may be cut short; give it another name if it is whole."
        )
