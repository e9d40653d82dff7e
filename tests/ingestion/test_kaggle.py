"""The forms of a catalogue file, and the errors of one that cannot be used."""

import csv
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from ingestion.errors import InputError
from ingestion.kaggle.files import as_csv, batches, check
from tests.ingestion.catalogues import HEADER, KINDS, NOON, ROW, SPARSE, numbered, written, zipped


def read(path: Path) -> list[dict[str, object]]:
    check(path)
    rows: list[dict[str, object]] = pa.Table.from_batches(batches(path, NOON)).to_pylist()
    return rows


@pytest.mark.parametrize("kind", KINDS)
def test_quirks_of_the_file_become_values_and_nulls(tmp_path: Path, kind: str) -> None:
    full, sparse = read(written(tmp_path, HEADER, ROW, SPARSE, name=f"tracks.{kind}"))
    assert full["artists"] == "['Rage', \"The Tom's\"]"
    assert (full["explicit"], full["time_signature"], full["year"]) == (False, 4, 1999)
    assert sparse["explicit"] is sparse["time_signature"] is sparse["track_number"] is None
    assert (full["captured_at"], full["source_file"]) == (NOON, f"tracks.{kind}")


@pytest.mark.parametrize("kind", KINDS)
def test_any_kind_becomes_a_csv_of_the_same_rows(tmp_path: Path, kind: str) -> None:
    path = written(tmp_path, HEADER, ROW, SPARSE, name=f"tracks.{kind}")
    (tmp_path / "csv").mkdir()
    plain = as_csv(path, tmp_path / "csv")
    if plain == path:
        assert kind.startswith("csv")
        return
    as_it_was, again = read(path), read(plain)
    assert [{**row, "source_file": None} for row in again] == [
        {**row, "source_file": None} for row in as_it_was
    ]
    with plain.open() as file:
        assert [row["explicit"] for row in csv.DictReader(file)] == ["False", ""]


@pytest.mark.parametrize(
    ("lines", "name", "message"),
    [
        ((HEADER.replace("energy,", "").replace("tempo,", ""), ROW), "t.csv", "energy, tempo"),
        ((HEADER.replace("energy", "tempo"), ROW), "t.csv", "energy, tempo"),
        ((), "t.csv", "duplicate columns id, name"),
        (("\x89PNG\udcff",), "t.csv", "not a readable catalogue"),
        ((HEADER, ROW), "t.xlsx", r"not a catalogue file; give \.csv, \.csv\.gz, \.zip"),
        ((HEADER.replace(",", ";"), ROW), "t.csv", "semicolons"),
        ((HEADER.replace("energy", "vigour"), ROW), "t.parquet", "energy"),
        ((HEADER.replace("energy", "vigour"), ROW), "t.zip", "energy"),
        ((HEADER.replace("energy", "vigour"), ROW), "t.csv.gz", "energy"),
    ],
)
def test_the_error_of_an_unusable_file_is_one_clear_line(
    tmp_path: Path, lines: tuple[str, ...], name: str, message: str
) -> None:
    with pytest.raises(InputError, match=message) as error:
        check(written(tmp_path, *lines, name=name))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("row", "message"),
    [
        (SPARSE.replace("-9", "loud"), "loud"),
        (SPARSE.replace("x1", ""), "row 51 has no id"),
        (SPARSE.replace("1000,", "1e20,"), "not a readable"),
    ],
)
def test_an_invalid_row_far_down_is_found_before_the_last_row_is_returned(
    tmp_path: Path, row: str, message: str, kind: str
) -> None:
    with pytest.raises(InputError, match=message) as error:
        read(written(tmp_path, HEADER, *[SPARSE] * 50, row, name=f"t.{kind}"))
    assert "\n" not in str(error.value)


def test_not_a_number_becomes_null(tmp_path: Path) -> None:
    (row,) = read(written(tmp_path, HEADER, SPARSE.replace("0.1,0.2,3", "nan,inf,nan")))
    assert row["danceability"] is row["energy"] is row["key"] is None


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_is_cut_short_anywhere_is_refused(tmp_path: Path, kind: str) -> None:
    whole = written(tmp_path, *numbered(300), name=f"t.{kind}").read_bytes()
    assert len(read(tmp_path / f"t.{kind}")) == 300
    length = len(whole)
    for kept in (0, 1, 40, length // 3, length // 2, length - 20, length - 1):
        (cut := tmp_path / f"cut.{kind}").write_bytes(whole[:kept])
        with pytest.raises(InputError) as error:
            read(cut)
        assert str(error.value).startswith(str(cut))
        assert "\n" not in str(error.value)


@pytest.mark.parametrize("kind", ["csv.gz", "zip"])
def test_a_damaged_file_is_refused(tmp_path: Path, kind: str) -> None:
    path = written(tmp_path, *numbered(300), name=f"t.{kind}")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(InputError, match="not a readable catalogue"):
        read(path)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_without_tracks_is_refused(tmp_path: Path, kind: str) -> None:
    with pytest.raises(InputError, match="it has no tracks"):
        read(written(tmp_path, HEADER, name=f"t.{kind}"))


def test_kaggles_file_is_found_among_several_in_a_zip(tmp_path: Path) -> None:
    both = {"archive/tracks_features.csv": f"{HEADER}\n{ROW}\n".encode(), "read_me.csv": b"no"}
    assert len(read(zipped(tmp_path / "two.zip", both))) == 1


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({}, "it has no CSV file called tracks_features.csv"),
        ({"a.csv": b"", "b.csv": b""}, "it has 2 CSV files, none of them called"),
    ],
)
def test_a_zip_without_a_clear_choice_is_refused(
    tmp_path: Path, members: dict[str, bytes], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        check(zipped(tmp_path / "t.zip", members))


def test_the_error_of_a_zip_with_a_password_is_one_clear_line(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER, ROW, name="t.zip")
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        start = archive.start_dir
    content[6] |= 1  # the flag of encryption, in both of its places
    content[start + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(InputError, match="password"):
        check(path)


def test_parquet_of_other_types_is_read_without_loss(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER, ROW, name="t.parquet")
    table = parquet.read_table(path)
    text = pa.table({name: table[name].cast(pa.large_string()) for name in table.column_names})
    expected = read(path)
    parquet.write_table(text, path)
    assert read(path) == expected


def test_a_byte_order_mark_is_not_part_of_the_first_column_name(tmp_path: Path) -> None:
    assert len(read(written(tmp_path, "\ufeff" + HEADER, ROW))) == 1


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.csv"):
        check(tmp_path / "nowhere.csv")
