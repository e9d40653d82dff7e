"""`sonic doctor` says for each setting whether it can be used."""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from rich.console import Console

from sonic.doctor.checks import run_checks
from sonic.home import claim
from sonic.job.import_history import import_history
from sonic.settings import KAGGLE, Settings
from tests.exports import episode, written


def findings(settings: Settings, capsys: pytest.CaptureFixture[str]) -> str:
    """Return the findings, one line each, with single spaces."""
    capsys.readouterr()
    run_checks(settings, Console(width=200))
    return re.sub(" +", " ", capsys.readouterr().out)


def test_a_fresh_home_shows_the_demo(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = findings(Settings(_env_file=None, home=tmp_path / "home"), capsys)
    assert "shows the demo" in found
    assert "✓ Destination duckdb" in found
    assert f"✓ Landing {tmp_path / 'home' / 'landing'}" in found
    assert list(tmp_path.iterdir()) == []


def test_a_real_home_never_shows_the_demo_and_needs_a_catalogue(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(_env_file=None, home=tmp_path)
    claim(tmp_path, "real")
    found = findings(settings, capsys)
    assert "demo" not in found
    assert "✗ Listeners none has signed in yet" in found
    path = written(tmp_path / "endsong_0.json", [episode("2023-03-20T01:21:33Z")])
    import_history(settings, Console(), [path], "anna", None)
    found = findings(settings, capsys)
    assert "✓ Listeners 0 signed in, 1 imported" in found
    assert "✗ Catalogue none given" in found


def test_what_a_destination_and_landing_lack_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(
        _env_file=None, home=tmp_path, destination="fabric", landing_url="nowhere://pages"
    )
    found = findings(settings, capsys)
    assert "✗ Landing SONIC_LANDING_URL: nowhere://…" in found
    if not find_spec("pyodbc"):
        assert "✗ Destination SONIC_DESTINATION=fabric needs pyodbc" in found


def test_kaggle_needs_a_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    monkeypatch.delenv("KAGGLE_API_TOKEN", raising=False)
    settings = Settings(_env_file=None, home=tmp_path / "home", catalogue=KAGGLE)
    assert "✗ Catalogue from Kaggle, but without a token" in findings(settings, capsys)
    monkeypatch.setenv("KAGGLE_API_TOKEN", "planted")
    settings = Settings(_env_file=None, home=tmp_path / "home", catalogue=KAGGLE)
    found = findings(settings, capsys)
    assert "✓ Catalogue downloaded from Kaggle" in found
    assert "planted" not in found
