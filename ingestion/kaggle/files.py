"""Read a catalogue file in the Kaggle layout as Arrow batches, or say what is wrong with it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
from pyarrow import csv

from ingestion.errors import InputError
from ingestion.tables import FLOAT, INSTANT, INT, KAGGLE, KAGGLE_FILE

SUFFIXES = (".csv", ".csv.gz")
BLOCK_BYTES = 16 * 2**20
HEADER_BYTES = 4096


def check(path: Path) -> None:
    """Raise InputError unless every row of the file is one of the Kaggle layout.

    It reads the whole file, a second for 150,000 rows, so that nothing is written before a bad
    value far down is found.
    """
    _check_header(path)
    for _ in batches(path, datetime.now(UTC)):
        pass


def _check_header(path: Path) -> None:
    if not path.is_file():
        raise InputError(f"{path}: there is no such file; name a catalogue in the Kaggle layout.")
    if not path.name.endswith(SUFFIXES):
        raise InputError(f"{path}: not a CSV file; give a {' or '.join(SUFFIXES)} file.")
    try:
        with pa.input_stream(str(path), compression="detect") as stream:
            header = stream.read(HEADER_BYTES).split(b"\n")[0].decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from None
    columns = header.replace('"', "").strip().split(",")
    if len(columns) < len(KAGGLE_FILE) <= len(header.split(";")):
        raise InputError(f"{path}: its columns are separated by semicolons; save it with commas.")
    missing = [column for column in KAGGLE_FILE if column not in columns]
    if missing:
        raise InputError(
            f"{path}: the column{'s' if len(missing) > 1 else ''} {', '.join(missing)} "
            "is missing; the file must have the 24 columns of Kaggle's tracks_features.csv."
        )


def batches(path: Path, captured_at: datetime) -> Iterator[pa.RecordBatch]:
    """Yield the rows of `kaggle_tracks_features` batch by batch; InputError at a bad value."""
    schema = KAGGLE["kaggle_tracks_features"]
    try:
        for batch in _open(path):
            if batch["id"].null_count:
                raise InputError(f"{path}: a row has no id; remove it or give it one.")
            columns = {name: batch[name].cast(kind) for name, kind in KAGGLE_FILE.items()}
            columns["source_file"] = pa.repeat(pa.scalar(path.name), len(batch))
            columns["captured_at"] = pa.repeat(pa.scalar(captured_at, INSTANT), len(batch))
            yield pa.RecordBatch.from_pydict(columns, schema=schema)
    except (pa.ArrowInvalid, OSError) as error:
        raise _unreadable(path, error) from None


def _open(path: Path) -> csv.CSVStreamingReader:
    # Whole numbers come as 4 or 4.0, so they are read as floats and cast, which loses nothing.
    readable = {name: FLOAT if kind == INT else kind for name, kind in KAGGLE_FILE.items()}
    return csv.open_csv(
        path,
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


def _unreadable(path: Path, error: Exception) -> InputError:
    return InputError(f"{path}: not a readable catalogue: {str(error).splitlines()[0]}")
