"""The settings; no other module of Sonic reads the environment."""

import os
import shutil
import sys
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from oauth.tokens import App
from sonic.errors import UserError

NEEDED_BY = {
    "filesystem": ["bronze_url"],
    "fabric": [
        "fabric_host",
        "fabric_database",
        "azure_tenant_id",
        "azure_client_id",
        "azure_client_secret",
    ],
}
EXAMPLE = Path(__file__).with_name(".env.example").resolve()  # a checkout links to the root's file
KAGGLE = Path("kaggle")  # instead of a catalogue file: download it
TAKES = {
    "spotify_apps": "a list in JSON; each app is an object with client_id and client_secret",
    "market": "two capital letters, such as DE",
    "token_key": "a Fernet key, which is 32 bytes in url-safe base64, or nothing",
    "destination": "duckdb, filesystem or fabric",
    "lookups_per_run": "a whole number from 0",
    "demo_seed": "a whole number from 0",
    "target": "duckdb or spark",
    "discovery": "familiar, balanced or discover",
    "learn_from": "listeners or catalogue",
    "spark_conf": 'an object in JSON, such as {"spark.driver.memory": "8g"}',
}


class SpotifyApp(BaseModel):
    """A Spotify developer app; apps of one developer account share its request quota."""

    client_id: str = Field(min_length=1)
    client_secret: SecretStr = Field(min_length=1)
    account: str = "default"

    def to_app(self) -> App:
        """Return the app in the type that `oauth` uses."""
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
    landing_url: str | None = None
    kaggle_api_token: SecretStr | None = Field(None, validation_alias="KAGGLE_API_TOKEN")
    market: str | None = Field(None, pattern="^[A-Z]{2}$")
    lookups_per_run: int = Field(2_000, ge=0)
    demo_seed: int = Field(20_26, ge=0)
    destination: Literal["duckdb", "filesystem", "fabric"] = "duckdb"
    bronze_url: str | None = None
    fabric_host: str | None = None
    fabric_database: str | None = None
    azure_tenant_id: str | None = None
    azure_client_id: str | None = None
    azure_client_secret: SecretStr | None = None
    target: Literal["duckdb", "spark"] = "duckdb"
    spark_master: str = "local[*]"
    spark_remote: str | None = None
    spark_conf: dict[str, str] = {}
    discovery: Literal["familiar", "balanced", "discover"] = "balanced"
    learn_from: Literal["listeners", "catalogue"] = "listeners"

    @field_validator("token_key")
    @classmethod
    def _is_a_key(cls, key: SecretStr | None) -> SecretStr | None:
        if key:
            from cryptography.fernet import Fernet  # slow to import, and rarely needed

            try:
                Fernet(key.get_secret_value())
            except ValueError:
                raise ValueError("no Fernet key (32 bytes, url-safe base64)") from None
        return key

    @property
    def has_credentials(self) -> bool:
        """Return whether a real Spotify app is configured; otherwise the simulator is used."""
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
    def lake(self) -> str:
        """Return the folder of the Delta tables that Spark builds, with one folder per schema."""
        return self.bronze_url or str(self.home / "lake")

    @property
    def is_local_spark(self) -> bool:
        """Return whether Spark runs in this process, unless a session is active already."""
        return not self.spark_remote and self.spark_master.startswith("local")

    @property
    def pipelines(self) -> Path:
        """Return dlt's working folder; each engine has its own, as each has its own Bronze."""
        return self.home / "dlt" / ("pipelines" if self.target == "duckdb" else "spark/pipelines")

    @property
    def landing(self) -> str:
        """Return where the landed pages are: a folder, or an address that fsspec knows."""
        return self.landing_url or str(self.home / "landing")

    @property
    def tokens(self) -> Path:
        """Return the folder of the encrypted tokens."""
        return self.home / "tokens"


def load_settings(**overrides: Any) -> Settings:
    """Read the settings from the environment and `.env`.

    Args:
        overrides: Options of the command line, by the setting's name; None and "" are ignored.

    Returns:
        The settings, with absolute paths. For Spark, Bronze is the lake.

    Raises:
        UserError: A variable has a bad value, or the destination needs another variable.
    """
    try:
        settings = Settings(**{name: value for name, value in overrides.items() if value})
    except ValidationError as error:
        raise _refused(error) from None
    except SettingsError:
        raise _must_be("spotify_apps") from None  # invalid JSON
    if settings.target == "spark":
        settings.destination = "filesystem"
        settings.bronze_url = settings.lake
    _check_destination(settings)
    return settings.model_copy(
        update={
            "bronze_url": settings.bronze_url and _bronze(settings.bronze_url),
            "landing_url": settings.landing_url and _landing(settings.landing_url),
            "home": _absolute("SONIC_HOME", settings.home),
            "catalogue": _catalogue(settings.catalogue),
        }
    )


def _refused(error: ValidationError) -> UserError:
    """Name the variable and what it takes, but not its value, which may be secret."""
    first = error.errors(include_input=False, include_url=False)[0]
    name, *place = first["loc"]
    number = f" (entry {int(place[0]) + 1})" if place and isinstance(place[0], int) else ""
    field = f" {place[-1]}" if number and len(place) > 1 else ""
    return _must_be(str(name), f"{number}{field}", first["msg"])


def _must_be(name: str, place: str = "", otherwise: str = "") -> UserError:
    says = f"give {TAKES[name]}" if name in TAKES else otherwise
    return UserError(f"SONIC_{name.upper()}{place}: {says}; {EXAMPLE} shows what it takes.")


def _catalogue(given: Path | None) -> Path | None:
    if given is None or given == KAGGLE:
        return given
    return _absolute("SONIC_CATALOGUE", given)


def _check_destination(settings: Settings) -> None:
    principal = ["azure_tenant_id", "azure_client_id", "azure_client_secret"]
    needed = [*NEEDED_BY.get(settings.destination, ())]
    if settings.destination == "filesystem" and any(getattr(settings, each) for each in principal):
        needed += principal  # all of it, or none
    missing = [f"SONIC_{each.upper()}" for each in needed if not getattr(settings, each)]
    if missing:
        raise UserError(
            f"SONIC_DESTINATION={settings.destination} needs {', '.join(missing)} as well; "
            f"{EXAMPLE} shows what each takes."
        )


def _bronze(given: str) -> str:
    return given if "://" in given else str(_absolute("SONIC_BRONZE_URL", Path(given)))


def _landing(given: str) -> str:
    return given if "://" in given else str(_expanded("SONIC_LANDING_URL", Path(given)))


def _absolute(variable: str, path: Path) -> Path:
    if "'" in str(path.absolute()):
        raise UserError(f"{variable}: {path}: DuckDB does not take a path with an apostrophe.")
    return _expanded(variable, path)


def _expanded(variable: str, path: Path) -> Path:
    try:
        return path.expanduser().absolute()
    except RuntimeError:
        raise UserError(f"{variable}: {path}: no such user.") from None


def has_java() -> bool:
    """Return whether Spark finds Java here."""
    return bool(os.environ.get("JAVA_HOME") or shutil.which("java"))


def give_workers_this_python() -> None:
    """Make Spark's Python workers on this machine use the environment that Sonic runs in."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)


def isolate_environment(settings: Settings) -> None:
    """Make dlt, dbt and Dagster write under the home only; dlt and dbt send no telemetry.

    They read the environment when they are imported, so call this first.

    Args:
        settings: The settings that dlt, dbt and Kaggle's client get as variables.
    """
    home = settings.home
    if settings.kaggle_api_token:  # Kaggle's client reads only the environment
        os.environ["KAGGLE_API_TOKEN"] = settings.kaggle_api_token.get_secret_value()
    os.environ.update(
        SONIC_HOME=str(home),
        SONIC_DISCOVERY=settings.discovery,  # dbt reads only the environment, not .env
        SONIC_LEARN_FROM=settings.learn_from,
        DLT_DATA_DIR=str(home / "dlt"),
        DLT_PROJECT_DIR=str(home / "dlt"),
        DLT_LOCAL_DIR=str(home / "dlt"),
        RUNTIME__DLTHUB_TELEMETRY="false",
        RUNTIME__LOG_LEVEL="CRITICAL",  # our own log reports a failed load, in one line
        RUNTIME__INTERCEPT_SIGNALS="false",  # an interrupt ends the whole run
        DESTINATION__DUCKDB__CREDENTIALS=str(settings.warehouse),  # for dlt's own commands
        DESTINATION__FILESYSTEM__BUCKET_URL=settings.bronze_url or "",
        LOAD__DELETE_COMPLETED_JOBS="true",
        LOAD__TRUNCATE_STAGING_DATASET="true",
        DBT_TARGET_PATH=str(home / "dbt" / "target"),
        DBT_LOG_PATH=str(home / "dbt" / "logs"),
        DBT_SEND_ANONYMOUS_USAGE_STATS="false",
        DBT_VERSION_CHECK="false",
        DAGSTER_HOME=str(home / "dagster"),
    )
