"""`sonic capture`, `sonic load` and `sonic replay` as commands."""

from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

from tests.sonic.runs import sonic

pytestmark = pytest.mark.whole

SMALL = ("--listeners", "1", "--as-of", "2026-05-31")
LANDED = ("spotify_plays", "spotify_playlist_items", "spotify_artists", "capture_runs")


def bronze(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return the sorted rows of some tables, without the columns that differ by load."""
    with duckdb.connect(str(home / "sonic.duckdb"), read_only=True) as connection:
        return {
            table: connection.sql(
                f"select columns(c -> c not like '_dlt%' and c <> 'loaded_at') "
                f"from bronze.{table} order by all"
            ).fetchall()
            for table in LANDED
        }


def test_capture_opens_no_warehouse_and_load_and_replay_need_no_api(tmp_path: Path) -> None:
    captured = sonic(tmp_path, "capture", *SMALL)
    assert captured.returncode == 0, captured.stderr
    assert "1 listener," in captured.stdout
    assert not (tmp_path / "sonic.duckdb").exists()

    loaded = sonic(tmp_path, "load")
    assert loaded.returncode == 0, loaded.stderr
    first = bronze(tmp_path)
    assert all(first.values())

    again = sonic(tmp_path, "load")
    assert "nothing new" in again.stdout
    assert bronze(tmp_path) == first

    refused = sonic(tmp_path, "replay")
    assert refused.returncode == 2
    assert "--replace" in refused.stderr

    replayed = sonic(tmp_path, "replay", "--replace")
    assert replayed.returncode == 0, replayed.stderr
    assert bronze(tmp_path) == first

    (tmp_path / "sonic.duckdb").unlink()
    refilled = sonic(tmp_path, "replay")
    assert refilled.returncode == 0, refilled.stderr
    assert bronze(tmp_path) == first


def test_capture_does_not_wait_for_other_runs(tmp_path: Path) -> None:
    with FileLock(tmp_path / "run.lock"):
        assert sonic(tmp_path, "capture", *SMALL).returncode == 0
        refused = sonic(tmp_path, "load")
    assert refused.returncode == 2
    assert "another run" in refused.stderr
