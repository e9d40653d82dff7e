"""Read a catalogue file in the Kaggle layout as Arrow batches, or report what is wrong with it."""

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
    """Check that a catalogue file exists, has a known format and the Kaggle columns.

    Rows are not checked here, but while `batches` reads them.

    Args:
        path: A file in the Kaggle layout: `.csv`, `.csv.gz`, `.zip` or `.parquet`.

    Raises:
        InputError: The file cannot be used; the text says why.
    """
    if not path.is_file():
        raise InputError(f"{path}: there is no such file; give a catalogue in the Kaggle layout.")
    if not path.name.endswith(formats.SUFFIXES):
        raise InputError(f"{path}: not a catalogue file; give {', '.join(formats.SUFFIXES)}.")
    try:
        columns = formats.column_names(path)
    except formats.UNREADABLE as error:
        raise _unreadable(path, error) from None
    if len(columns) < len(KAGGLE_FILE) <= len(",".join(columns).split(";")):
        raise InputError(f"{path}: its columns are separated by semicolons; save it with commas.")
    missing = [column for column in KAGGLE_FILE if columns.count(column) != 1]
    if missing:
        raise InputError(
            f"{path}: missing or duplicate column{'s' if len(missing) > 1 else ''} "
            f"{', '.join(missing)}; the file must have the 24 columns of Kaggle's "
            "tracks_features.csv."
        )


def batches(path: Path, captured_at: datetime) -> Iterator[pa.RecordBatch]:
    """Read a catalogue file as rows of the Bronze table `kaggle_tracks_features`.

    Args:
        path: A file that `check` accepts.
        captured_at: The instant to write to every row.

    Yields:
        Record batches, in the order of the file.

    Raises:
        InputError: An invalid value, a row without an id, a file that is cut short or empty. It is
            raised before the last batch at the latest.
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
        raise InputError(f"{path}: it has no tracks; give a catalogue in the Kaggle layout.")


def as_csv(path: Path, folder: Path) -> Path:
    """Check every row of a catalogue, and convert it to CSV.

    Args:
        path: A file in the Kaggle layout.
        folder: Where the CSV is written, if `path` is neither `.csv` nor `.csv.gz`.

    Returns:
        `path` itself if it is CSV, else the file written.

    Raises:
        InputError: As of `check` and `batches`.
    """
    check(path)
    rows = batches(path, datetime.now(UTC))
    if path.name.endswith(formats.CSV):
        for _ in rows:
            pass
        return path
    written = folder / "tracks_features.csv"
    position = list(KAGGLE_FILE).index("explicit")
    with written.open("wb") as file:
        for number, batch in enumerate(rows):
            kaggle = batch.select(list(KAGGLE_FILE))
            explicit = pc.if_else(batch["explicit"], "True", "False")
            options = csv.WriteOptions(include_header=number == 0)
            csv.write_csv(kaggle.set_column(position, "explicit", explicit), file, options)
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
