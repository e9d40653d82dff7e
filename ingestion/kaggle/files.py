"""Read a catalogue file in the Kaggle layout as Arrow batches, or say what is wrong with it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from ingestion.errors import InputError
from ingestion.kaggle import formats
from ingestion.tables import INSTANT, KAGGLE, KAGGLE_FILE


def check(path: Path) -> None:
    """Raise InputError unless the file is there, of a known kind and has the Kaggle columns.

    Its rows are checked as they are read: `batches` raises before the last of them is out.
    """
    if not path.is_file():
        raise InputError(f"{path}: there is no such file; name a catalogue in the Kaggle layout.")
    if not path.name.endswith(formats.SUFFIXES):
        raise InputError(
            f"{path}: not a CSV file, nor one of {', '.join(formats.SUFFIXES[1:])} that holds one."
        )
    try:
        columns = formats.column_names(path)
    except formats.UNREADABLE as error:
        raise _unreadable(path, error) from None
    if len(columns) < len(KAGGLE_FILE) <= len(",".join(columns).split(";")):
        raise InputError(f"{path}: its columns are separated by semicolons; save it with commas.")
    missing = [column for column in KAGGLE_FILE if columns.count(column) != 1]
    if missing:
        raise InputError(
            f"{path}: the column{'s' if len(missing) > 1 else ''} {', '.join(missing)} "
            "is missing or there twice; the file must have the 24 columns of Kaggle's "
            "tracks_features.csv."
        )


def batches(path: Path, captured_at: datetime) -> Iterator[pa.RecordBatch]:
    """Yield the rows of `kaggle_tracks_features` batch by batch.

    InputError for a bad value, a row without an id, a file that is cut short or has no row.
    """
    count = 0
    try:
        for batch in formats.rows(path):
            _check_ids(path, batch["id"], count)
            count += len(batch)
            yield _in_bronze(batch, path.name, captured_at)
    except formats.UNREADABLE as error:
        raise _unreadable(path, error) from None
    if not count:
        raise InputError(f"{path}: it holds no tracks; name a catalogue in the Kaggle layout.")


def as_csv(path: Path, folder: Path) -> Path:
    """Check every row of a catalogue, and return it as `.csv` or `.csv.gz`.

    A file of another kind is written to `folder` as CSV. InputError as of `check` and `batches`.
    """
    check(path)
    rows = batches(path, datetime.now(UTC))
    if path.name.endswith(formats.CSV):
        for _ in rows:
            pass
        return path
    written = folder / "tracks_features.csv"
    place = list(KAGGLE_FILE).index("explicit")
    with written.open("wb") as file:
        for number, batch in enumerate(rows):
            kaggle = batch.select(list(KAGGLE_FILE))
            spelt = pc.if_else(batch["explicit"], "True", "False")
            options = csv.WriteOptions(include_header=number == 0)
            csv.write_csv(kaggle.set_column(place, "explicit", spelt), file, options)
    return written


def _check_ids(path: Path, ids: pa.Array, before: int) -> None:
    first = pc.index(pc.binary_length(ids.cast(pa.string()).fill_null("")), 0).as_py()
    if first >= 0:
        row = before + first + 1
        raise InputError(f"{path}: row {row:,} has no id; remove it or give it one.")


def _in_bronze(batch: pa.RecordBatch, name: str, captured_at: datetime) -> pa.RecordBatch:
    columns = {column: _typed(batch[column], kind) for column, kind in KAGGLE_FILE.items()}
    columns["source_file"] = pa.repeat(pa.scalar(name), len(batch))
    columns["captured_at"] = pa.repeat(pa.scalar(captured_at, INSTANT), len(batch))
    return pa.RecordBatch.from_pydict(columns, schema=KAGGLE["kaggle_tracks_features"])


def _typed(values: pa.Array, kind: pa.DataType) -> pa.Array:
    if pa.types.is_floating(values.type):
        values = pc.if_else(pc.is_finite(values), values, None)  # NaN: not measured
    return values.cast(kind)


def _unreadable(path: Path, error: Exception) -> InputError:
    reason = next(iter(str(error).splitlines()), type(error).__name__)
    return InputError(f"{path}: not a readable catalogue: {reason}")
