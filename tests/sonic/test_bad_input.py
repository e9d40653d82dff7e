"""A user's mistake is one line and exit code 2, and nothing is written."""

import subprocess
import sys
from pathlib import Path

import pytest

from ingestion.errors import InputError
from sonic.inputs import check_files
from sonic.settings import load_settings
from tests.sonic.runs import sonic

BAD = {
    "a missing catalogue": (["--catalogue", "nowhere.csv"], "nowhere.csv: there is no such file"),
    "a catalogue that is no CSV": (["--catalogue", "picture.png"], "not a catalogue file"),
    "binary named CSV": (["--catalogue", "binary.csv"], "not a readable catalogue"),
    "a missing column": (["--catalogue", "two_columns.csv"], "energy"),
    "missing playlists": (["--playlists", "nowhere.csv"], "nowhere.csv"),
    "playlists without tracks": (["--playlists", "two_columns.csv"], "playlist_id"),
    "a bad day": (["--as-of", "31.05.2026"], "--as-of 31.05.2026: not a day"),
    "a day before the demo": (["--as-of", "2025-12-31"], "history goes from 2026-01-01"),
    "a day out of range": (["--as-of", "1999-01-01"], "give a day from"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "two_columns.csv").write_text("id,name\n1,Song\n")
    (tmp_path / "binary.csv").write_bytes(b"\x89PNG\r\n\xff\xfe\x00")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n")
    return tmp_path


def only_line(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 2
    (line,) = done.stderr.strip().splitlines()
    assert "Traceback" not in done.stdout
    return line


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_line_and_nothing_is_written(case: str, folder: Path) -> None:
    arguments, message = BAD[case]
    before = sorted(folder.iterdir())
    line = only_line(sonic(folder / "home", "run", *arguments, cwd=folder))
    assert line.startswith("sonic: ")
    assert message in line
    assert sorted(folder.iterdir()) == before


def test_a_home_that_cannot_be_written_is_named(folder: Path) -> None:
    (folder / "file").write_text("")
    line = only_line(sonic(folder / "file" / "home", "run", cwd=folder))
    assert "cannot write there" in line
    assert "SONIC_HOME" in line


def test_a_second_run_at_the_same_time_is_refused(folder: Path) -> None:
    from filelock import FileLock

    home = folder / "home"
    home.mkdir()
    with FileLock(home / "run.lock"):
        assert "another run is in progress" in only_line(sonic(home, "run", cwd=folder))
    assert sorted(path.name for path in home.iterdir()) == ["run.lock"]


LANDING = {
    "gs://planted/pages": ".venv/bin/pip install -e '.[gcs]'",
    "abfss://planted@onelake/pages": ".venv/bin/pip install -e '.[onelake]'",
    "nowhere://planted/pages": "unknown kind of address",
    "two_columns.csv/pages": "cannot write there",
}


@pytest.mark.parametrize("address", LANDING)
def test_an_address_for_landing_that_cannot_be_used_is_named(
    address: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for driver in ("gcsfs", "adlfs"):
        monkeypatch.setitem(sys.modules, driver, None)  # as where the extra is not installed
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SONIC_LANDING_URL", address)
    with pytest.raises(InputError, match=r"^SONIC_LANDING_URL: ") as error:
        check_files(load_settings(), None)
    assert LANDING[address] in str(error.value)
    assert "planted" not in str(error.value)
