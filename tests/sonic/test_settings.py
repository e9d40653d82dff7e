"""The settings: their defaults, their errors, and what reaches dlt, dbt and Kaggle."""

import os
import re
from pathlib import Path

import pytest

from sonic.errors import UserError
from sonic.settings import Settings, isolate_environment, load_settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("SONIC_HOME", "KAGGLE_API_TOKEN"):
        monkeypatch.delenv(name, raising=False)


def test_the_example_names_every_variable_and_no_other() -> None:
    example = (ROOT / ".env.example").read_text()
    named = set(re.findall(r"^(?:SONIC_)?([A-Z_]+)=", example, re.MULTILINE))
    assert named == {name.upper() for name in Settings.model_fields}


def test_the_unchanged_example_changes_nothing(tmp_path: Path) -> None:
    default = load_settings()
    (tmp_path / ".env").write_text((ROOT / ".env.example").read_text())
    assert load_settings() == default


def test_home_is_absolute_and_an_option_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONIC_CATALOGUE", "one.csv")
    settings = load_settings(catalogue=Path("two.csv"))
    assert settings.home == Path.cwd() / "data"
    assert settings.catalogue == Path.cwd() / "two.csv"


def test_apps_are_read_and_their_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    apps = '[{"client_id": "id", "client_secret": "planted"}]'
    monkeypatch.setenv("SONIC_SPOTIFY_APPS", apps)
    settings = load_settings()
    assert settings.has_credentials
    assert settings.spotify_apps[0].to_app().client_secret == "planted"
    assert "planted" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("SONIC_DEMO_SEED", "planted", "SONIC_DEMO_SEED"),
        ("SONIC_SPOTIFY_APPS", '[{"client_secret": "planted"}]', "SONIC_SPOTIFY_APPS"),
        ("SONIC_SPOTIFY_APPS", "planted", "SONIC_SPOTIFY_APPS"),
        ("SONIC_SPOTIFY_APPS", '["planted"]', "SONIC_SPOTIFY_APPS .entry 1.: give a list in JSON"),
        (
            "SONIC_SPOTIFY_APPS",
            '[{"client_id": "a", "client_secret": "b"}, {"client_secret": "planted"}]',
            "SONIC_SPOTIFY_APPS .entry 2. client_id: give",
        ),
        ("SONIC_TOKEN_KEY", "planted", "SONIC_TOKEN_KEY: give a Fernet key"),
        ("SONIC_MARKET", "planted", "SONIC_MARKET: give two capital letters, such as DE"),
        ("SONIC_HOME", "~nobody-of-that-name/x", "no such user"),
        ("SONIC_HOME", "it's/a/home", "apostrophe"),
    ],
)
def test_a_bad_value_is_named_and_not_repeated(
    name: str, value: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UserError, match=message) as error:
        load_settings()
    assert "planted" not in str(error.value)
    assert "\n" not in str(error.value)


def test_a_folder_for_landing_is_absolute_and_an_address_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SONIC_LANDING_URL", "pages")
    assert load_settings().landing == str(Path.cwd() / "pages")
    monkeypatch.setenv("SONIC_LANDING_URL", "memory://pages")
    assert load_settings().landing == "memory://pages"


def test_kaggles_token_in_the_file_reaches_kaggles_client_and_is_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("KAGGLE_API_TOKEN=planted\n")
    monkeypatch.setattr(os, "environ", os.environ.copy())
    settings = load_settings()
    isolate_environment(settings)
    assert os.environ["KAGGLE_API_TOKEN"] == "planted"
    assert "planted" not in repr(settings)
