"""A catalogue in Bronze is replaced completely or not at all."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingestion.errors import InputError
from ingestion.kaggle.load import held_file, keep_catalogue, replace_catalogue
from ingestion.load import Bronze
from ingestion.tables import KAGGLE
from tests.ingestion.catalogues import (
    HEADER,
    KINDS,
    NOON,
    ROW,
    SPARSE,
    bronze_in,
    numbered,
    written,
)

FILES_SCHEMA = KAGGLE["kaggle_files"]
FILES = "select source_file, dataset_version, count_rows from kaggle_files order by loaded_at"
LOAD = """
import sys
from pathlib import Path
from ingestion.kaggle.load import replace_catalogue
from tests.ingestion.catalogues import NOON, bronze_in
print("started", flush=True)
replace_catalogue(bronze_in(Path(sys.argv[1])), Path(sys.argv[2]), NOON)
"""


@pytest.fixture
def bronze(tmp_path: Path) -> Bronze:
    return bronze_in(tmp_path)


def ids(bronze: Bronze) -> set[str]:
    return {str(row[0]) for row in bronze.query("kaggle", "select id from kaggle_tracks_features")}


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_any_kind_is_loaded_and_recorded(
    tmp_path: Path, bronze: Bronze, kind: str
) -> None:
    path = written(tmp_path, HEADER, ROW, SPARSE, name=f"tracks.{kind}")
    assert replace_catalogue(bronze, path, NOON) == 2
    assert bronze.query(
        "kaggle", "select source_file, size_bytes, count_rows, captured_at from kaggle_files"
    ) == [(path.name, path.stat().st_size, 2, NOON)]


def test_a_file_is_loaded_once_replaced_by_another_and_can_come_back(
    tmp_path: Path, bronze: Bronze
) -> None:
    both = written(tmp_path, HEADER, ROW, SPARSE)
    assert replace_catalogue(bronze, both, NOON) == 2
    assert replace_catalogue(bronze, both, NOON) == 2
    assert keep_catalogue(bronze) == 2
    assert replace_catalogue(bronze, written(tmp_path, HEADER, SPARSE, name="2.csv"), NOON) == 1
    assert ids(bronze) == {"x1"}
    assert replace_catalogue(bronze, both, NOON) == keep_catalogue(bronze) == 2
    assert bronze.query("kaggle", FILES) == [
        ("tracks.csv", None, 2),
        ("2.csv", None, 1),
        ("tracks.csv", None, 2),
    ]


def test_a_much_shorter_file_of_the_same_name_is_refused_and_changes_nothing(
    tmp_path: Path, bronze: Bronze
) -> None:
    replace_catalogue(bronze, written(tmp_path, *numbered(10)), NOON)
    with pytest.raises(InputError, match=r"7 tracks.*had 10.*rename it if it is complete"):
        replace_catalogue(bronze, written(tmp_path, *numbered(7)), NOON)
    assert keep_catalogue(bronze) == 10
    assert replace_catalogue(bronze, written(tmp_path, *numbered(8)), NOON) == 8
    assert replace_catalogue(bronze, written(tmp_path, *numbered(3), name="few.csv"), NOON) == 3
    assert keep_catalogue(bronze) == 3


@pytest.mark.parametrize("kind", KINDS)
def test_an_invalid_value_far_down_keeps_the_previous_catalogue(
    tmp_path: Path, bronze: Bronze, kind: str
) -> None:
    replace_catalogue(bronze, written(tmp_path, HEADER, ROW), NOON)
    lines = [*numbered(50), SPARSE.replace("-9", "loud")]
    bad = written(tmp_path, *lines, name=f"bad.{kind}")
    with pytest.raises(InputError, match=r"bad\..*loud"):
        replace_catalogue(bronze, bad, NOON)
    assert ids(bronze) == {"7lmeHLHBe4nmXzuXc0HDjk"}
    assert not bronze.pipeline("kaggle").has_pending_data
    assert replace_catalogue(bronze, written(tmp_path, HEADER, SPARSE), NOON) == 1


def test_without_a_file_the_tables_are_empty(bronze: Bronze) -> None:
    assert held_file(bronze) is None
    assert keep_catalogue(bronze) == 0
    assert keep_catalogue(bronze) == 0
    assert held_file(bronze) is None


def kill_a_load(folder: Path, path: Path, seconds: float | None) -> float:
    """Load in a process of its own, killed after some seconds; return how long it ran."""
    process = subprocess.Popen(
        [sys.executable, "-c", LOAD, str(folder), str(path)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.readline()
    started = time.monotonic()
    try:
        assert process.wait(seconds) == 0
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()
    return time.monotonic() - started


@pytest.mark.parametrize("count_kills", [2, pytest.param(20, marks=pytest.mark.soak)])
@pytest.mark.parametrize("before", [5, pytest.param(0, marks=pytest.mark.soak)])
def test_a_kill_leaves_one_complete_catalogue_and_the_next_run_loads_the_new_one(
    tmp_path: Path, count_kills: int, before: int
) -> None:
    newer = written(tmp_path, *numbered(60_000), name="newer.csv")
    former = tmp_path / "former"
    keep_catalogue(bronze_in(former))
    if before:
        replace_catalogue(bronze_in(former), written(tmp_path, *numbered(before)), NOON)
    seconds = kill_a_load(shutil.copytree(former, tmp_path / "measured"), newer, None)
    killed = 0
    for number in range(count_kills):
        folder = shutil.copytree(former, tmp_path / f"killed {number}")
        moment = seconds * (number + 0.5) / count_kills
        killed += kill_a_load(folder, newer, moment) >= moment
        assert rows_in_the_file(folder) in (before, 60_000), f"killed at {moment:.2f} s"
        assert replace_catalogue(bronze_in(folder), newer, NOON) == 60_000
        assert keep_catalogue(bronze_in(folder)) == 60_000
        assert bronze_in(folder).query("kaggle", FILES)[-1] == ("newer.csv", None, 60_000)
    assert killed >= count_kills // 2


def rows_in_the_file(folder: Path) -> int:
    """Count as dbt would, before the next run repairs anything."""
    import duckdb

    with duckdb.connect(str(folder / "sonic.duckdb")) as connection:
        count = connection.execute("select count(*) from bronze.kaggle_tracks_features").fetchone()
    assert count is not None
    return int(count[0])
