"""Loaded rows are in Bronze once, whatever an earlier load left."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from ingestion import destinations
from ingestion.errors import InputError, SourceError
from ingestion.load import Bronze

PLAYS = pa.schema([("id", pa.int64()), ("name", pa.string()), ("at", pa.timestamp("us", "UTC"))])
SCHEMAS = {
    "plays": PLAYS,
    "nothing": pa.schema([("id", pa.int64())]),
    "capture_runs": pa.schema([("run_id", pa.string())]),
}
NOON = datetime(2026, 5, 31, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let dlt try a job once: it would wait a second before a retry."""
    monkeypatch.setenv("LOAD__RAISE_ON_MAX_RETRIES", "1")


@pytest.fixture(params=["duckdb", "filesystem"])
def bronze(request: pytest.FixtureRequest, tmp_path: Path) -> Bronze:
    return opened(tmp_path, request.param)


def opened(home: Path, kind: str = "duckdb") -> Bronze:
    return Bronze(
        destinations.duckdb(home / "sonic.duckdb")
        if kind == "duckdb"
        else destinations.delta(str(home / "lake")),
        home / "dlt" / "pipelines",
    )


def rows(*ids: int, run_id: str = "run") -> dict[str, pa.Table]:
    """Return the rows of one run: plays with these ids, and a row of the ledger."""
    plays = [{"id": each, "name": f"play {each}", "at": NOON} for each in ids]
    return {
        "plays": pa.Table.from_pylist(plays, schema=PLAYS),
        "nothing": SCHEMAS["nothing"].empty_table(),
        "capture_runs": pa.Table.from_pylist([{"run_id": run_id}], schema=SCHEMAS["capture_runs"]),
    }


def ids(bronze: Bronze) -> list[int]:
    return [each for (each,) in bronze.query("spotify", "select id from plays order by id")]


def left_pending(bronze: Bronze, data: dict[str, pa.Table], *, normalized: bool = True) -> Path:
    """Leave a load pending, as after a kill; return the folder of its first package."""
    pipeline = bronze.pipeline("spotify")
    pipeline.extract(bronze.sources("spotify", SCHEMAS, data))
    if normalized:
        pipeline.normalize()
    folder = "load/normalized" if normalized else "normalize/extracted"
    return min(Path(pipeline.working_dir, folder).iterdir())


def corrupt(package: Path, bronze: Bronze) -> None:
    for file in package.glob("new_jobs/plays.*"):
        file.write_bytes(b"PAR1 no parquet at all PAR1")


def break_the_schema(package: Path, bronze: Bronze) -> None:
    (package / "schema.json").write_text("{")


def break_the_state(package: Path, bronze: Bronze) -> None:
    (package / "load_package_state.json").write_text("{")


DEFECTS = [corrupt, break_the_schema, break_the_state]


def test_both_kinds_of_bronze_return_the_same_rows(tmp_path: Path) -> None:
    read = []
    for kind in ("duckdb", "filesystem"):
        bronze = opened(tmp_path / kind, kind)
        counts = bronze.load("spotify", SCHEMAS, rows(1, 2))
        assert counts == {"plays": 2, "nothing": 0, "capture_runs": 1}
        bronze.load("spotify", SCHEMAS, rows(3))
        read.append(
            bronze.read(
                "spotify", 'with p as (select id, name, "at" from plays) from p order by id'
            )
        )
    assert read[0].equals(read[1])
    assert read[0].schema == PLAYS
    assert bronze.query("spotify", "select count(distinct loaded_at) from plays") == [(2,)]
    assert read[0].equals(pa.concat_tables([rows(1, 2)["plays"], rows(3)["plays"]]))


def test_declaring_creates_empty_tables_and_changes_no_existing_one(bronze: Bronze) -> None:
    for _ in range(2):
        bronze.declare("spotify", SCHEMAS)
        assert bronze.query("spotify", "select * from plays, nothing, capture_runs") == []
    bronze.load("spotify", SCHEMAS, rows(1))
    bronze.declare("spotify", SCHEMAS)
    assert ids(bronze) == [1]


def test_replacing_leaves_the_new_rows_only(tmp_path: Path) -> None:
    bronze = opened(tmp_path)
    for each in (1, 2):
        bronze.load("spotify", SCHEMAS, rows(each), "replace")
    assert ids(bronze) == [2]


def test_a_failed_extract_leaves_nothing_pending(tmp_path: Path) -> None:
    bronze = opened(tmp_path)

    def broken() -> Iterator[pa.Table]:
        yield rows(1)["plays"]
        raise InputError("cut off")

    with pytest.raises(InputError, match="cut off"):
        bronze.load("spotify", SCHEMAS, rows() | {"plays": broken()})
    bronze.load("spotify", SCHEMAS, rows(2))
    assert ids(bronze) == [2]
    assert bronze.set_aside == []


@pytest.mark.parametrize("normalized", [True, False])
def test_pending_packages_of_a_killed_load_are_loaded_first(
    normalized: bool, tmp_path: Path
) -> None:
    bronze = opened(tmp_path)
    left_pending(bronze, rows(1), normalized=normalized)
    bronze.load("spotify", SCHEMAS, rows(2))
    assert ids(bronze) == [1, 2]
    assert bronze.set_aside == []


@pytest.mark.parametrize("normalized", [True, False])
@pytest.mark.parametrize("damage", DEFECTS)
def test_a_broken_package_is_set_aside_and_the_same_run_continues(
    damage: Callable[[Path, Bronze], None],
    normalized: bool,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    bronze = opened(tmp_path)
    bronze.load("spotify", SCHEMAS, rows(1, run_id="first"))
    package = left_pending(bronze, rows(2, run_id="broken"), normalized=normalized)
    damage(package, bronze)
    bronze.load("spotify", SCHEMAS, rows(3, run_id="third"))
    assert ids(bronze) == [1, 3]
    runs = bronze.query("spotify", "select run_id from capture_runs order by 1")
    assert runs == [("first",), ("third",)]
    assert f"spotify/{package.name}" in bronze.set_aside
    kept = bronze.pipelines_dir.parent / "set_aside" / "spotify" / package.name
    assert list(kept.glob("*/new_jobs/plays.*"))
    assert f"set aside {kept}" in caplog.text
    again = opened(tmp_path)
    again.load("spotify", SCHEMAS, rows(4))
    assert ids(again) == [1, 3, 4]
    assert again.set_aside == []


def test_a_broken_package_of_a_delta_folder_is_set_aside(tmp_path: Path) -> None:
    bronze = opened(tmp_path, "filesystem")
    package = left_pending(bronze, rows(1))
    corrupt(package, bronze)
    bronze.load("spotify", SCHEMAS, rows(2))
    assert ids(bronze) == [2]
    assert f"spotify/{package.name}" in bronze.set_aside


def test_a_package_that_violates_a_constraint_is_set_aside(tmp_path: Path) -> None:
    bronze = opened(tmp_path)
    bronze.declare("spotify", SCHEMAS)
    with duckdb.connect(str(tmp_path / "sonic.duckdb")) as connection:
        connection.execute("alter table bronze.plays alter name set not null")
    nameless = pa.table({"id": [1], "name": [None], "at": [NOON]}, schema=PLAYS)
    package = left_pending(bronze, rows() | {"plays": nameless})
    bronze.load("spotify", SCHEMAS, rows(2))
    assert ids(bronze) == [2]
    assert f"spotify/{package.name}" in bronze.set_aside


def test_a_package_that_was_set_aside_can_be_put_back(tmp_path: Path) -> None:
    bronze = opened(tmp_path)
    package = left_pending(bronze, rows(1))
    schema = (package / "schema.json").read_text()
    break_the_schema(package, bronze)
    bronze.load("spotify", SCHEMAS, rows(2))
    kept = tmp_path / "dlt" / "set_aside" / "spotify" / package.name / "normalized"
    (kept / "schema.json").write_text(json.dumps(json.loads(schema)))
    kept.rename(package)
    assert ids(bronze) == [1, 2]


def test_a_package_is_kept_while_another_process_locks_bronze(tmp_path: Path) -> None:
    bronze = opened(tmp_path)
    bronze.load("spotify", SCHEMAS, rows(1))
    package = left_pending(bronze, rows(2))
    hold = f"import duckdb; c = duckdb.connect('{tmp_path / 'sonic.duckdb'}'); print(1); input()"
    command = [sys.executable, "-c", hold]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        for use in (lambda: ids(bronze), lambda: bronze.load("spotify", SCHEMAS, rows(3))):
            with pytest.raises(SourceError, match=r"packages are kept.*lock"):
                use()
        holder.communicate(b"\n")
    assert package.is_dir()
    assert ids(bronze) == [1, 2]
    assert bronze.set_aside == []


def test_the_error_of_reading_while_another_process_locks_bronze_is_one_clear_line(
    tmp_path: Path,
) -> None:
    bronze = opened(tmp_path)
    bronze.load("spotify", SCHEMAS, rows(1))
    hold = f"import duckdb; c = duckdb.connect('{tmp_path / 'sonic.duckdb'}'); print(1); input()"
    command = [sys.executable, "-c", hold]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(SourceError, match=r"Bronze cannot be read now: .*lock"):
            ids(bronze)
        holder.communicate(b"\n")


FULL = """
import resource, sys
from pathlib import Path
from tests.ingestion.test_load import ids, opened
from ingestion.errors import SourceError
resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))
bronze = opened(Path(sys.argv[1]))
try:
    ids(bronze)
except SourceError as error:
    print(error)
print(bronze.set_aside)
"""


def test_a_package_is_kept_while_the_disk_is_full(tmp_path: Path) -> None:
    bronze = opened(tmp_path)
    bronze.declare("spotify", SCHEMAS)
    count = 100_000
    noise = [os.urandom(8).hex() for _ in range(count)]
    many = pa.table({"id": range(count), "name": noise, "at": [NOON] * count}, schema=PLAYS)
    package = left_pending(bronze, rows() | {"plays": many})
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("Bronze cannot be written now; pending packages are kept")
    assert done.stdout.endswith("\n[]\n")
    assert package.is_dir()
    assert bronze.query("spotify", "select count(*) from plays") == [(count,)]


def test_an_interrupt_sets_nothing_aside_and_loads_nothing_twice(tmp_path: Path) -> None:
    bronze = opened(tmp_path)
    count = 1_000_000
    many = pa.table({"id": range(count), "name": ["x"] * count, "at": [NOON] * count}, schema=PLAYS)
    package = left_pending(bronze, rows() | {"plays": many})

    def interrupt() -> None:
        while not list(package.glob("started_jobs/plays.*")):
            time.sleep(0.001)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt, daemon=True)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        bronze.load("spotify", SCHEMAS, rows())
    thread.join()
    assert bronze.set_aside == []
    assert bronze.query("spotify", "select count(*), count(distinct id) from plays") == [
        (count, count)
    ]


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.ingestion.test_load import SCHEMAS, opened, rows

def killed():
    yield rows(2)["plays"]
    os.kill(os.getpid(), signal.SIGKILL)

opened(Path(sys.argv[1])).load("spotify", SCHEMAS, {**rows(2), "plays": killed()})
"""


def test_files_of_a_killed_extract_are_removed(tmp_path: Path) -> None:
    bronze = opened(tmp_path)
    bronze.load("spotify", SCHEMAS, rows(1))
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    assert done.returncode == -signal.SIGKILL
    left = Path(bronze.pipeline("spotify").working_dir, "normalize")
    assert len(list(left.glob("*/"))) > 1
    bronze.load("spotify", SCHEMAS, rows(2))
    assert [each.name for each in left.glob("*/")] == ["extracted"]
    assert ids(bronze) == [1, 2]
