"""Everything that the environment decides; the one module of Sonic that reads it."""

import os
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from oauth.tokens import App
from sonic.errors import UserError


class SpotifyApp(BaseModel):
    """One Spotify developer app; apps of one developer account share its request quota."""

    client_id: str
    client_secret: SecretStr
    account: str = "default"

    def to_app(self) -> App:
        """Return the app as `oauth` knows it."""
        return App(self.client_id, self.client_secret.get_secret_value(), self.account)


class Settings(BaseSettings):
    """The settings, each `SONIC_<NAME>` in the environment or in `.env`; see `.env.example`."""

    model_config = SettingsConfigDict(
        env_prefix="SONIC_", env_file=".env", env_ignore_empty=True, extra="ignore"
    )

    home: Path = Path("data")
    spotify_apps: list[SpotifyApp] = []
    spotify_api_url: str = "https://api.spotify.com/v1"
    spotify_accounts_url: str = "https://accounts.spotify.com"
    spotify_redirect_uri: str = "http://127.0.0.1:8000/callback"
    reccobeats_url: str = "https://api.reccobeats.com"
    catalogue: Path | None = None
    token_key: SecretStr | None = None
    demo_seed: int = Field(20_26, ge=0)

    @field_validator("token_key")
    @classmethod
    def _is_a_key(cls, key: SecretStr | None) -> SecretStr | None:
        if key:
            try:
                Fernet(key.get_secret_value())
            except ValueError:
                raise ValueError("no Fernet key (32 bytes, url-safe base64)") from None
        return key

    @property
    def has_credentials(self) -> bool:
        """Tell whether a real Spotify app is configured; else the simulator stands in."""
        return bool(self.spotify_apps)

    @property
    def warehouse(self) -> Path:
        """Return the DuckDB file of Bronze, Silver and the ML tables."""
        return self.home / "sonic.duckdb"

    @property
    def gold(self) -> Path:
        """Return the DuckDB file of Gold."""
        return self.home / "sonic_gold.duckdb"

    @property
    def landing(self) -> Path:
        """Return the folder of the landed pages."""
        return self.home / "landing"

    @property
    def tokens(self) -> Path:
        """Return the folder of the encrypted tokens."""
        return self.home / "tokens"


def load_settings(**overrides: Any) -> Settings:
    """Read the settings; UserError names the variable that cannot be used.

    `home` is made absolute, so that no later change of folder moves it.
    """
    try:
        settings = Settings(**{name: value for name, value in overrides.items() if value})
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        variable = "SONIC_" + "_".join(str(part) for part in first["loc"]).upper()
        raise UserError(f"{variable}: {first['msg']}; .env.example shows what it takes.") from None
    except SettingsError:
        raise UserError(
            "SONIC_SPOTIFY_APPS: not a list in JSON; .env.example shows what it takes."
        ) from None
    return settings.model_copy(
        update={
            "home": _absolute("SONIC_HOME", settings.home),
            "catalogue": settings.catalogue and _absolute("SONIC_CATALOGUE", settings.catalogue),
        }
    )


def _absolute(variable: str, path: Path) -> Path:
    if "'" in str(path.absolute()):
        raise UserError(f"{variable}: {path}: an apostrophe in a path is more than DuckDB takes.")
    try:
        return path.expanduser().absolute()
    except RuntimeError:
        raise UserError(f"{variable}: {path}: there is no such user.") from None


def contain(settings: Settings) -> None:
    """Make dlt, dbt and Dagster write under `settings.home` alone, and send no telemetry.

    Call it before any of them is imported.
    """
    home = settings.home
    os.environ.update(
        SONIC_HOME=str(home),
        DLT_DATA_DIR=str(home / "dlt"),
        DLT_PROJECT_DIR=str(home / "dlt"),
        DLT_LOCAL_DIR=str(home / "dlt"),
        RUNTIME__DLTHUB_TELEMETRY="false",
        RUNTIME__LOG_LEVEL="ERROR",
        RUNTIME__INTERCEPT_SIGNALS="false",  # an interrupt ends the run, not the stage alone
        LOAD__DELETE_COMPLETED_JOBS="true",
        LOAD__TRUNCATE_STAGING_DATASET="true",
        DBT_TARGET_PATH=str(home / "dbt" / "target"),
        DBT_LOG_PATH=str(home / "dbt" / "logs"),
        DBT_SEND_ANONYMOUS_USAGE_STATS="false",
        DBT_VERSION_CHECK="false",
        DAGSTER_HOME=str(home / "dagster"),
        DAGSTER_TELEMETRY_DISABLED="yes",
    )
