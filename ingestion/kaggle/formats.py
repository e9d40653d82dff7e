"""The file formats of a catalogue, each read as Arrow batches of the Kaggle columns."""

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TypeAlias

import pyarrow as pa
from pyarrow import csv, parquet

from ingestion.errors import InputError
from ingestion.tables import FLOAT, INT, KAGGLE_FILE

CSV, ZIP, PARQUET = (".csv", ".csv.gz"), ".zip", ".parquet"
SUFFIXES = (*CSV, ZIP, PARQUET)
BLOCK_BYTES = 8 * 2**20  # measured: twice as large needs more memory and is slower
BATCH_ROWS = 50_000
HEADER_BYTES = 4096
IN_THE_ZIP = "tracks_features.csv"
UNREADABLE = (
    pa.ArrowException,
    OSError,
    EOFError,
    UnicodeDecodeError,
    zipfile.BadZipFile,
    zlib.error,
    RuntimeError,  # from zipfile: a password, an unknown compression
)

Text: TypeAlias = IO[bytes] | gzip.GzipFile


def column_names(path: Path) -> list[str]:
    """Return the column names of the file; raises one of UNREADABLE, or InputError."""
    if path.suffix == PARQUET:
        names: list[str] = parquet.read_schema(path).names
        return names
    with _text(path) as text:
        header = text.read(HEADER_BYTES).split(b"\n")[0].decode("utf-8-sig")
    return [name.strip('"\r ') for name in header.split(",")]


def rows(path: Path) -> Iterator[pa.RecordBatch]:
    """Yield the rows in the file's own types; raises one of UNREADABLE, or InputError."""
    if path.suffix == PARQUET:
        with parquet.ParquetFile(path) as file:
            yield from file.iter_batches(BATCH_ROWS, columns=list(KAGGLE_FILE))
        return
    with _text(path) as text:
        watched = _LastByte(text)
        yield from _csv_reader(watched)
    if watched.last_byte != b"\n":
        raise InputError(
            f"{path}: its last line has no line break, so it may be cut short; copy it again, or "
            "add the line break if it is complete."
        )


class _LastByte:
    """Reads a file, and remembers its last byte."""

    closed = False

    def __init__(self, file: Text) -> None:
        self._file = file
        self.last_byte = b""

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        content = self._file.read(size)
        self.last_byte = content[-1:] or self.last_byte
        return content

    def close(self) -> None:
        """Do nothing: the caller closes the file."""


@contextmanager
def _text(path: Path) -> Iterator[Text]:
    """Open the CSV, which may be compressed."""
    if path.suffix == ZIP:
        with zipfile.ZipFile(path) as archive, archive.open(_member(path, archive)) as zipped:
            yield zipped
    elif path.suffix == ".gz":
        with gzip.open(path) as unzipped:
            yield unzipped
    else:
        with path.open("rb") as plain:
            yield plain


def _member(path: Path, archive: zipfile.ZipFile) -> str:
    tables = [name for name in archive.namelist() if name.lower().endswith(".csv")]
    named = [name for name in tables if Path(name).name == IN_THE_ZIP]
    if len(tables) == 1 or len(named) == 1:
        return (named or tables)[0]
    found = f"{len(tables)} CSV files, none of them" if tables else "no CSV file"
    raise InputError(f"{path}: it has {found} called {IN_THE_ZIP}; unpack it and give the CSV.")


def _csv_reader(text: _LastByte) -> csv.CSVStreamingReader:
    # Whole numbers are written as 4 or 4.0: read as floats, then cast without loss.
    readable = {name: FLOAT if kind == INT else kind for name, kind in KAGGLE_FILE.items()}
    return csv.open_csv(
        pa.PythonFile(text, mode="r"),
        read_options=csv.ReadOptions(block_size=BLOCK_BYTES),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=readable,
            include_columns=list(KAGGLE_FILE),
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            null_values=[""],
            true_values=["True", "true"],
            false_values=["False", "false"],
        ),
    )
