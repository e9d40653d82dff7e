"""The stages of the daily job, in order; the command line and the orchestrator call the same ones.

Each takes the `Job` and returns one line on what it did; a long one tells how far it is.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import pyarrow as pa

from ingestion.destinations import duckdb
from ingestion.errors import InputError, SourceError
from ingestion.http import QuotaExceeded
from ingestion.kaggle.load import keep_catalogue, replace_catalogue
from ingestion.landing import Landing
from ingestion.listeners.registry import registry_tables
from ingestion.load import Bronze
from ingestion.reccobeats import parse as reccobeats
from ingestion.reccobeats.capture import capture_features
from ingestion.reccobeats.wanted import wanted_track_ids
from ingestion.rows import Parser, parse_runs
from ingestion.spotify import parse as spotify
from ingestion.spotify.capture import ListenerAccess, SpotifyCapture
from ingestion.tables import LISTENERS, RECCOBEATS, SPOTIFY
from oauth.local_store import LocalTokenStore
from oauth.spotify import AuthorizationRefused, SpotifyAuth
from oauth.tokens import App, Connection, TokenState, TokenStore
from sonic.settings import Settings

logger = logging.getLogger(__name__)

Progress = Callable[[float, float], None]


@dataclass(frozen=True)
class Job:
    """One run: its settings, its clock, and the places it reads and writes."""

    settings: Settings
    as_of: datetime
    clock: Callable[[], datetime]
    store: TokenStore
    landing: Landing
    bronze: Bronze

    @classmethod
    def open(cls, settings: Settings, as_of: datetime, clock: Callable[[], datetime]) -> "Job":
        """Open the token store, landing and Bronze that the settings name."""
        key = settings.token_key.get_secret_value() if settings.token_key else None
        return cls(
            settings,
            as_of,
            clock,
            LocalTokenStore(settings.tokens, key),
            Landing(str(settings.landing)),
            Bronze(duckdb(settings.warehouse), settings.home / "dlt" / "pipelines"),
        )

    @property
    def apps(self) -> dict[str, App]:
        """Return the configured Spotify apps by client id."""
        return {app.client_id: app.to_app() for app in self.settings.spotify_apps}

    def connections(self) -> list[Connection]:
        """Return every signed-in listener."""
        return [self.store.get(user_id) for user_id in self.store.user_ids()]


def capture_spotify(job: Job, progress: Progress) -> str:
    """Land what is new of every listener whose token can be used.

    Apps of one developer account share its quota: once it is used up, that account's listeners
    are left for the next run, and the others go on. SourceError if nobody's answer came.
    """
    connections = job.connections()
    active = [each for each in connections if each.state is TokenState.ACTIVE]
    run = job.landing.new_run("spotify", job.as_of)
    capture = SpotifyCapture(job.settings.spotify_api_url, run, job.clock)
    exhausted: set[str] = set()
    done = 0
    try:
        for number, connection in enumerate(active, 1):
            account = _account(job, connection)
            if account not in exhausted:
                token = partial(_access_token, job, connection)
                try:
                    done += capture.listener(ListenerAccess(connection.user_id, token))
                except QuotaExceeded as refusal:
                    exhausted.add(account)
                    logger.warning("the quota of the account %s: %s", account, refusal)
            progress(number, len(active))
    finally:
        run.finish()
    problems = run.manifest.problems
    if problems and not done and not exhausted:
        raise SourceError(f"Spotify answered for no listener: {problems[0]['reason']}")
    return ", ".join(
        [
            f"{done} listeners, {len(run.manifest.pages)} pages",
            *_if_any(len(active) - done, "left for the next run"),
            *_if_any(len(connections) - len(active), "must sign in again"),
        ]
    )


def load_spotify(job: Job) -> str:
    """Load the registry, the run's clock, and the Spotify pages that are not in Bronze yet."""
    job.bronze.load("listeners", LISTENERS, registry_tables(job.connections(), job.as_of))
    counts = _load_landed(job, "spotify", SPOTIFY, spotify.parse_page)
    return (
        f"{counts['spotify_plays']:,} plays, {counts['spotify_saved_tracks']:,} saved tracks, "
        f"{counts['spotify_playlist_items']:,} playlist items, {counts['quarantine']} set aside"
    )


def capture_reccobeats(job: Job, progress: Progress) -> str:
    """Land the features of the tracks that ReccoBeats has not been asked for yet."""
    _load_landed(job, "reccobeats", RECCOBEATS, reccobeats.parse_page)  # what a killed run left
    wanted = wanted_track_ids(job.bronze, job.as_of)
    run = job.landing.new_run("reccobeats", job.as_of)
    asked = capture_features(
        job.settings.reccobeats_url,
        run,
        wanted,
        job.clock,
        lambda count: progress(count, len(wanted)),
    )
    run.finish()
    behind = f", {len(wanted) - asked:,} left for the next run" if asked < len(wanted) else ""
    return f"{asked:,} tracks asked for{behind}"


def load_reccobeats(job: Job) -> str:
    """Load the ReccoBeats pages that are not in Bronze yet."""
    counts = _load_landed(job, "reccobeats", RECCOBEATS, reccobeats.parse_page)
    return f"features of {counts['reccobeats_audio_features']:,} tracks"


def load_catalogue(job: Job) -> str:
    """Replace the catalogue in Bronze by the given file, unless it is there already."""
    path = job.settings.catalogue
    if path is None:
        kept = keep_catalogue(job.bronze)
        if not kept:
            raise InputError(
                "There is no catalogue to recommend from; set SONIC_CATALOGUE or give --catalogue."
            )
        return f"{kept:,} tracks, as before"
    count = replace_catalogue(job.bronze, path, job.as_of)
    return f"{count:,} tracks from {path.name}"


def _load_landed(
    job: Job, source: str, schemas: Mapping[str, pa.Schema], parse: Parser
) -> dict[str, int]:
    job.bronze.declare(source, schemas)
    loaded = job.bronze.query(source, f"select run_id from capture_runs where source = '{source}'")
    manifests = job.landing.manifests(source, but={run_id for (run_id,) in loaded})
    if not manifests:
        return dict.fromkeys(schemas, 0)
    return job.bronze.load(
        source, schemas, parse_runs(source, manifests, job.landing, parse, schemas)
    )


def _account(job: Job, connection: Connection) -> str:
    app = job.apps.get(connection.client_id)
    return app.account if app else ""


def _if_any(count: int, what: str) -> list[str]:
    return [f"{count} {what}"] if count else []


def _access_token(job: Job, connection: Connection) -> str:
    app = job.apps.get(connection.client_id)
    if app is None:
        raise SourceError(
            f"{connection.user_id} signed in with the app {connection.client_id}, "
            "which SONIC_SPOTIFY_APPS does not name"
        )
    auth = SpotifyAuth(job.settings.spotify_accounts_url, app, job.settings.spotify_redirect_uri)
    try:
        return auth.refresh(connection.refresh_token).access_token
    except AuthorizationRefused as refused:
        if refused.error == "invalid_grant":
            job.store.mark(connection.user_id, TokenState.SIGN_IN_AGAIN)
        raise
