import gzip
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from ingestion.destinations import duckdb
from ingestion.errors import InputError
from ingestion.kaggle.files import batches, check
from ingestion.kaggle.load import keep_catalogue, replace_catalogue
from ingestion.load import Bronze
from ingestion.tables import KAGGLE_FILE

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HEADER = ",".join(KAGGLE_FILE)
ROW = (
    '7lmeHLHBe4nmXzuXc0HDjk,Testify,The Battle,2eia0,"[\'Rage\', ""The Tom\'s""]",[\'2d0\'],1,1,'
    "False,0.47,0.978,7,-5.399,1,0.0727,0.0261,1.09e-05,0.356,0.503,117.906,210133,4.0,1999,1999-11-02"
)
SPARSE = "x1,Nameless,,,['Nobody'],,,,,0.1,0.2,3,-9,0,0.1,0.2,0,0.3,0.4,0,1000,,0,1999"


@pytest.fixture
def bronze(tmp_path: Path) -> Bronze:
    return Bronze(duckdb(tmp_path / "sonic.duckdb"), tmp_path / "dlt")


def written(tmp_path: Path, *lines: str, name: str = "tracks.csv") -> Path:
    path = tmp_path / name
    content = "\n".join(lines).encode(errors="surrogateescape")
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


@pytest.mark.parametrize("name", ["tracks.csv", "tracks.csv.gz"])
def test_quirks_of_the_file_become_values_and_nulls(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, HEADER, ROW, SPARSE, name=name)
    full, sparse = pa.Table.from_batches(batches(path, NOON)).to_pylist()
    assert full["artists"] == "['Rage', \"The Tom's\"]"
    assert (full["explicit"], full["time_signature"], full["year"]) == (False, 4, 1999)
    assert sparse["album"] is sparse["explicit"] is sparse["time_signature"] is None
    assert full["captured_at"] == NOON


@pytest.mark.parametrize(
    ("lines", "name", "message"),
    [
        ((HEADER.replace("energy,", "").replace("tempo,", ""), ROW), "t.csv", "energy, tempo"),
        ((), "t.csv", "the columns id, name"),
        (("\x89PNG\udcff",), "t.csv", "not a readable catalogue"),
        ((HEADER, ROW), "t.xlsx", "not a CSV file"),
        ((HEADER.replace(",", ";"), ROW), "t.csv", "semicolons"),
    ],
)
def test_a_file_that_is_no_catalogue_is_one_clear_line(
    tmp_path: Path, lines: tuple[str, ...], name: str, message: str
) -> None:
    with pytest.raises(InputError, match=message) as error:
        check(written(tmp_path, *lines, name=name))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (SPARSE.replace("-9", "loud"), "loud"),
        (SPARSE.replace("x1", ""), "no id"),
        (SPARSE.replace(",0,1999", ",1e20,1999"), "not a readable"),
    ],
)
def test_a_bad_row_far_down_is_found_before_anything_is_loaded(
    tmp_path: Path, row: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        check(written(tmp_path, HEADER, *[SPARSE] * 50, row))


def test_a_file_cut_short_is_no_catalogue(tmp_path: Path) -> None:
    whole = written(tmp_path, HEADER, *[ROW] * 500, name="t.csv.gz")
    whole.write_bytes(whole.read_bytes()[:-20])
    with pytest.raises(InputError, match="not a readable catalogue"):
        check(whole)


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    check(written(tmp_path, "\ufeff" + HEADER, ROW))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.csv"):
        check(tmp_path / "nowhere.csv")


def test_a_file_is_loaded_once_and_replaced_by_another_one(tmp_path: Path, bronze: Bronze) -> None:
    both = written(tmp_path, HEADER, ROW, SPARSE)
    assert replace_catalogue(bronze, both, NOON) == 2
    assert replace_catalogue(bronze, both, NOON) == 2
    assert keep_catalogue(bronze) == 2
    assert replace_catalogue(bronze, written(tmp_path, HEADER, SPARSE, name="2.csv"), NOON) == 1
    assert bronze.query("kaggle", "select id from kaggle_tracks_features") == [("x1",)]


def test_a_bad_value_far_down_leaves_the_former_catalogue(tmp_path: Path, bronze: Bronze) -> None:
    replace_catalogue(bronze, written(tmp_path, HEADER, ROW), NOON)
    bad = written(tmp_path, HEADER, *[SPARSE] * 50, SPARSE.replace("-9", "loud"), name="bad.csv")
    with pytest.raises(InputError, match=r"bad\.csv.*loud"):
        replace_catalogue(bronze, bad, NOON)
    assert keep_catalogue(bronze) == 1
    assert replace_catalogue(bronze, written(tmp_path, HEADER, SPARSE), NOON) == 1


def test_without_a_file_the_tables_are_there_and_empty(bronze: Bronze) -> None:
    assert keep_catalogue(bronze) == 0
    assert keep_catalogue(bronze) == 0
