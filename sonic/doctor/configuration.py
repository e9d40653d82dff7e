"""Checks of the configuration: apps, destination, landing, listeners and catalogue."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import duckdb

from ingestion import destinations
from ingestion.errors import InputError
from ingestion.extras import how_to_install
from ingestion.kaggle import files
from ingestion.landing import Landing
from ingestion.streaming_history.listeners import imported_listeners
from oauth.local_store import LocalTokenStore
from oauth.tokens import TokenState, TokenStoreError
from sonic.doctor.finding import Finding, Mark
from sonic.engines import spark
from sonic.errors import UserError
from sonic.home import kind_of
from sonic.inputs import check_landing
from sonic.settings import KAGGLE, Settings


def check_configuration(settings: Settings) -> Iterator[Finding]:
    """Yield a finding for each part of the settings; nothing is written."""
    is_real = settings.has_credentials or kind_of(settings.home) == "real"
    yield _apps(settings, is_real)
    yield _destination(settings)
    if settings.target == "spark":
        yield _spark(settings)
    landing, count_imported = _landing(settings)
    yield landing
    yield _listeners(settings, count_imported, is_real)
    if settings.catalogue == KAGGLE:
        yield _kaggle(settings)
    else:
        yield _catalogue(settings, is_real)


def _apps(settings: Settings, is_real: bool) -> Finding:
    if settings.has_credentials:
        return Finding(Mark.OK, "Spotify apps", f"{len(settings.spotify_apps)} configured")
    without = "no listener is captured" if is_real else "`sonic run` shows the demo"
    fix = "create an app at developer.spotify.com and set SONIC_SPOTIFY_APPS"
    return Finding(Mark.NOTE, "Spotify apps", f"none: {without}", fix)


def _destination(settings: Settings) -> Finding:
    try:
        destinations.check_installed(settings.destination, settings.bronze_url or "")
    except InputError as error:
        return Finding(Mark.FAILURE, "Destination", str(error))
    return Finding(Mark.OK, "Destination", f"{settings.destination}, its packages are installed")


def _spark(settings: Settings) -> Finding:
    try:
        spark.check_installed(settings)
    except UserError as error:
        return Finding(Mark.FAILURE, "Spark", str(error))
    return Finding(Mark.OK, "Spark", settings.spark_remote or settings.spark_master)


def _landing(settings: Settings) -> tuple[Finding, int]:
    """Return the finding on landing, and how many listeners were imported there."""
    try:
        check_landing(settings)
        count = len(imported_listeners(Landing(settings.landing)))
    except InputError as error:
        return Finding(Mark.FAILURE, "Landing", str(error)), 0
    except Exception as error:  # each driver of fsspec raises its own
        how_it_is = f"cannot be read ({type(error).__name__})"
        return Finding(Mark.FAILURE, "Landing", how_it_is, "see SONIC_LANDING_URL"), 0
    return Finding(Mark.OK, "Landing", settings.landing), count


def _listeners(settings: Settings, count_imported: int, is_real: bool) -> Finding:
    states: list[TokenState] = []
    if settings.tokens.exists():
        key = settings.token_key.get_secret_value() if settings.token_key else None
        try:
            store = LocalTokenStore(settings.tokens, key)
            states = [store.get(user_id).state for user_id in store.user_ids()]
        except TokenStoreError as error:
            return Finding(Mark.FAILURE, "Listeners", str(error))
    if not states and not count_imported:
        mark = Mark.FAILURE if is_real else Mark.NOTE
        return Finding(mark, "Listeners", "none has signed in yet")
    imported = f", {count_imported} imported" if count_imported else ""
    how_it_is = f"{len(states)} signed in{imported}"
    again = states.count(TokenState.SIGN_IN_AGAIN)
    if again:
        return Finding(Mark.NOTE, "Listeners", how_it_is, f"{again} must sign in again at Spotify")
    return Finding(Mark.OK, "Listeners", how_it_is)


def _catalogue(settings: Settings, is_real: bool) -> Finding:
    if settings.catalogue:
        try:
            files.check(settings.catalogue)
        except InputError as error:
            return Finding(Mark.FAILURE, "Catalogue", str(error))
        return Finding(Mark.OK, "Catalogue", str(settings.catalogue))
    if not is_real:
        return Finding(Mark.NOTE, "Catalogue", "none given: the demo makes its own")
    fix = "set SONIC_CATALOGUE to Kaggle's tracks_features.csv"
    if _holds_catalogue(settings.warehouse):
        return Finding(Mark.NOTE, "Catalogue", "none given: a run uses what was loaded before", fix)
    return Finding(Mark.FAILURE, "Catalogue", "none given", fix)


def _holds_catalogue(warehouse: Path) -> bool:
    if not warehouse.exists():
        return False
    try:
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            return bool(connection.execute("from bronze.kaggle_files limit 1").fetchall())
    except duckdb.CatalogException:
        return False
    except duckdb.IOException:  # a run is in progress
        return True


def _kaggle(settings: Settings) -> Finding:
    if not find_spec("kaggle"):
        fix = f"run `{how_to_install('kaggle')}`"
        return Finding(Mark.FAILURE, "Catalogue", "Kaggle's client is not installed", fix)
    folder = Path.home() / ".kaggle"
    if settings.kaggle_api_token or (folder.is_dir() and any(folder.iterdir())):
        return Finding(Mark.OK, "Catalogue", "downloaded from Kaggle; client and token found")
    fix = "set KAGGLE_API_TOKEN to a token from kaggle.com/settings/api"
    return Finding(Mark.FAILURE, "Catalogue", "from Kaggle, but without a token", fix)
