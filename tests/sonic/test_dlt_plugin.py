"""Operators run and inspect Sonic's pipelines with dlt's own command."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from dlt import Schema

from sonic.cli import dlt_plugin, dlt_run
from tests.ingestion.catalogues import numbered, written
from tests.sonic.runs import ROOT, command, started

pytestmark = pytest.mark.whole

DEFAULTS = Path("/var/dlt"), Path.home() / ".dlt"  # where dlt writes by default


def dlt(home: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return command(home, "dlt", *arguments, cwd=ROOT, **variables)


def count(home: Path, table: str) -> int:
    with duckdb.connect(str(home / "sonic.duckdb"), read_only=True) as connection:
        return int(connection.execute(f"select count(*) from bronze.{table}").fetchall()[0][0])


def files(*folders: Path) -> dict[Path, int]:
    return {
        path: path.stat().st_mtime_ns
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_pipeline_runs_and_dlt_shows_it_without_writing_outside_the_home(
    tmp_path: Path,
) -> None:
    home, folder, user = (tmp_path / name for name in ("home", "folder", "user"))
    folder.mkdir()
    user.mkdir()
    before = files(*DEFAULTS)

    def pipeline(*arguments: str) -> str:
        done = command(home, "dlt", "pipeline", *arguments, cwd=folder, HOME=str(user))
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    output = pipeline("spotify", "run", "--listeners=1", "--as-of=2026-05-31")
    assert "✓ Capture from Spotify" in output
    assert "✓ Load into Bronze" in output
    assert count(home, "spotify_plays") > 0
    pipeline("reccobeats", "run", "--listeners=1", "--as-of=2026-05-31")
    assert count(home, "reccobeats_mapping") > 0
    assert "spotify_plays with 1 table(s)" in pipeline("spotify", "info")
    assert str(home / "sonic.duckdb") in pipeline("spotify", "trace")
    assert "spotify" in pipeline("--list-pipelines")
    assert files(folder, user) == {}
    assert files(*DEFAULTS) == before
    assert {path.name for path in tmp_path.iterdir()} == {"home", "folder", "user"}


def test_the_catalogue_is_its_own_pipeline_and_needs_no_listener(tmp_path: Path) -> None:
    home = tmp_path / "home"
    file = written(tmp_path, *numbered(3))
    done = dlt(home, "pipeline", "kaggle", "run", SONIC_CATALOGUE=str(file))
    assert done.returncode == 0, done.stderr
    assert count(home, "kaggle_tracks_features") == 3
    assert not (home / "kind").exists()
    assert "Demo" not in done.stdout
    without = dlt(tmp_path / "other", "pipeline", "kaggle", "run")
    assert without.returncode == 2
    assert "set SONIC_CATALOGUE" in without.stderr


@pytest.mark.parametrize(
    ("arguments", "variables", "message"),
    [
        (["nonsense", "run"], {}, "Sonic does not run nonsense; it runs spotify, reccobeats"),
        (["run"], {}, "name a pipeline: dlt pipeline <name> run; one of spotify, reccobeats"),
        (["spotify", "run", "--as-of=soon"], {}, "--as-of soon: not a day"),
        (["spotify", "run", "--listeners=0"], {}, "give a number from 1 to 1,000"),
        (["spotify", "info"], {"SONIC_DESTINATION": "nowhere"}, "SONIC_DESTINATION: "),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(
    arguments: list[str], variables: dict[str, str], message: str, tmp_path: Path
) -> None:
    done = dlt(tmp_path / "home", "pipeline", *arguments, **variables)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "home").exists()


def test_an_interrupt_is_one_line_and_exit_code_130(tmp_path: Path) -> None:
    process = started(tmp_path, "dlt", "pipeline", "spotify", "run", "--listeners=1")
    while process.poll() is None and not list(tmp_path.glob("landing/*/*")):
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert errors == "sonic: interrupted; run the command again to continue where it stopped\n"


@pytest.mark.parametrize("arguments", [["pipeline", "--list-pipelines"], ["--version"], ["--help"]])
def test_commands_that_only_show_write_nothing(arguments: list[str], tmp_path: Path) -> None:
    before = files(*DEFAULTS)
    done = command(tmp_path / "home", "dlt", *arguments, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []
    assert files(*DEFAULTS) == before


def test_the_default_home_is_the_folder_data(tmp_path: Path) -> None:
    done = command(Path(), "dlt", "pipeline", "-l", cwd=tmp_path, SONIC_HOME="")
    assert f"No pipelines found in {tmp_path / 'data' / 'dlt' / 'pipelines'}" in done.stdout


@pytest.mark.parametrize(
    ("words", "is_ours"),
    [
        ("pipeline spotify run", True),
        ("--debug dashboard", True),
        ("init pipeline duckdb", False),
        ("", False),
    ],
)
def test_sonic_extends_only_commands_on_pipelines(
    words: str, is_ours: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[bool] = []
    monkeypatch.setattr(dlt_run, "use_home", lambda: used.append(True))
    monkeypatch.setattr(sys, "argv", ["dlt", *words.split()])
    assert (dlt_plugin.plug_cli_run("dlt") is not None) == is_ours
    assert bool(used) == is_ours


def test_other_commands_of_dlt_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "x.schema.json").write_text(Schema("x").to_pretty_json())
    done = command(
        tmp_path / "home",
        "dlt",
        "schema",
        "x.schema.json",
        cwd=tmp_path,
        SONIC_DESTINATION="nowhere",
    )
    assert done.returncode == 0, done.stderr
    assert "name: x" in done.stdout
