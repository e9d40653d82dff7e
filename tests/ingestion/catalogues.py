"""Small catalogue files of every kind."""

import gzip
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
from pyarrow import csv, parquet

from ingestion.destinations import duckdb
from ingestion.load import Bronze
from ingestion.tables import KAGGLE_FILE

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HEADER = ",".join(KAGGLE_FILE)
ROW = (
    '7lmeHLHBe4nmXzuXc0HDjk,Testify,The Battle,2eia0,"[\'Rage\', ""The Tom\'s""]",[\'2d0\'],1,1,'
    "False,0.47,0.978,7,-5.399,1,0.0727,0.0261,1.09e-05,0.356,0.503,117.906,210133,4.0,1999,1999-11-02"
)
SPARSE = "x1,Nameless,,,['Nobody'],,,,,0.1,0.2,3,-9,0,0.1,0.2,0,0.3,0.4,0,1000,,0,1999"
KINDS = ("csv", "csv.gz", "zip", "parquet")


def written(folder: Path, *lines: str, name: str = "tracks.csv") -> Path:
    """Write lines, each with a line break, in the format of the file's name."""
    path = folder / name
    content = "".join(f"{line}\n" for line in lines).encode(errors="surrogateescape")
    if name.endswith(".gz"):
        path.write_bytes(gzip.compress(content))
    elif name.endswith(".zip"):
        zipped(path, {"tracks_features.csv": content})
    elif name.endswith(".parquet"):
        parquet.write_table(csv.read_csv(pa.BufferReader(content)), path)
    else:
        path.write_bytes(content)
    return path


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    """Write a zip file."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return path


def numbered(count: int) -> list[str]:
    """Return the lines of a catalogue of `count` tracks."""
    return [HEADER, *(SPARSE.replace("x1", f"x{number}") for number in range(count))]


def bronze_in(folder: Path) -> Bronze:
    """Open a Bronze in a folder."""
    return Bronze(duckdb(folder / "sonic.duckdb"), folder / "dlt")
