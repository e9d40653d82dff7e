"""Replace the catalogue in Bronze by a file, once for each version of the file."""

import hashlib
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from ingestion.kaggle.files import batches
from ingestion.load import Bronze
from ingestion.tables import KAGGLE


def replace_catalogue(bronze: Bronze, path: Path, captured_at: datetime) -> int:
    """Load a file in the Kaggle layout unless Bronze holds it already; return its rows.

    The former catalogue stays as it was until the last row of the new one is there.
    """
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    bronze.declare("kaggle", KAGGLE)
    if bronze.query("kaggle", f"select 1 from kaggle_files where sha256 = '{sha256}'"):
        return _count(bronze)
    version = {"sha256": sha256, "source_file": path.name, "captured_at": captured_at}
    data = {
        "kaggle_tracks_features": batches(path, captured_at),
        "kaggle_files": pa.Table.from_pylist([version], schema=KAGGLE["kaggle_files"]),
    }
    return bronze.load("kaggle", KAGGLE, data, "replace")["kaggle_tracks_features"]


def keep_catalogue(bronze: Bronze) -> int:
    """Leave the catalogue as it is, empty before its first file; return its rows."""
    bronze.declare("kaggle", KAGGLE)
    return _count(bronze)


def _count(bronze: Bronze) -> int:
    return int(bronze.query("kaggle", "select count(*) from kaggle_tracks_features")[0][0])
