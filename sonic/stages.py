"""The stages of the daily job, in order; the command line and the orchestrator call the same ones.

Each takes the `Job` and returns one line on what it did; a long one tells how far it is.
"""

import logging
from collections import Counter
from collections.abc import Callable
from functools import partial

from ingestion.errors import InputError, SourceError
from ingestion.kaggle.download import newest_file
from ingestion.kaggle.load import held_file, keep_catalogue, replace_catalogue
from ingestion.landed import LANDED, SOURCES, count_runs, empty, load_landed
from ingestion.listeners.registry import registry_tables
from ingestion.quota import Quota
from ingestion.reccobeats.capture import capture_features
from ingestion.reccobeats.wanted import wanted_track_ids
from ingestion.spotify.capture import ListenerAccess, SpotifyCapture
from ingestion.spotify.lookups import TrackLookups, wanted_tracks
from ingestion.streaming_history.listeners import imported_listeners
from ingestion.streaming_history.loading import load_history
from ingestion.tables import LISTENERS
from oauth.spotify import AuthorizationRefused, SpotifyAuth
from oauth.tokens import Connection, TokenState
from sonic.job import Job
from sonic.settings import KAGGLE

logger = logging.getLogger(__name__)

Progress = Callable[[float, float], None]


def capture_spotify(job: Job, progress: Progress) -> str:
    """Land what is new of every listener whose token can be used, several at once.

    Apps of one developer account share its quota: once it is used up, that account's listeners
    are left for the next run, and the others go on. SourceError if nobody's answer came.
    """
    connections = job.connections()
    active = [each for each in connections if each.state is TokenState.ACTIVE]
    run = job.landing.new_run("spotify", job.as_of)
    settings = job.settings
    capture = SpotifyCapture(settings.spotify_api_url, run, job.clock, settings.market)
    accesses = [
        ListenerAccess(
            each.user_id, partial(_access_token, job, each), each.connected_at, _account(job, each)
        )
        for each in active
    ]
    try:
        done = capture.listeners(accesses, lambda number: progress(number, len(active)))
    finally:
        manifest = run.finish()
    is_quota_left = not any(quota.is_closed for quota in capture.quotas.values())
    if manifest.problems and not manifest.pages and is_quota_left:
        raise SourceError(f"Spotify answered for no listener: {manifest.problems[0]['reason']}")
    revoked = sum(each.state is not TokenState.ACTIVE for each in job.connections())
    return ", ".join(
        [
            f"{done} listeners, {len(manifest.pages)} pages",
            *_if_any(len(active) - done, "left for the next run"),
            *_if_any(revoked, "must sign in again"),
            *_if_any(len(manifest.facts.get("spotify_capture_gaps", ())), "capture gaps"),
        ]
    )


def capture_lookups(job: Job, progress: Progress) -> str:
    """Land the descriptions of tracks that only an export names, as many as a run may ask for."""
    wanted = wanted_tracks(job.bronze, job.settings.lookups_per_run)
    apps = list(job.apps.values())
    if not wanted or not apps:
        return f"{len(wanted)} tracks{' wait for a Spotify app' if wanted else ''}"
    settings = job.settings
    auth = SpotifyAuth(settings.spotify_accounts_url, apps[0], settings.spotify_redirect_uri)
    run = job.landing.new_run("spotify_lookups", job.as_of)
    lookups = TrackLookups(
        settings.spotify_api_url, run, auth.app_token, job.clock, Quota(), settings.market
    )
    try:
        answered = lookups.look_up(wanted, lambda number: progress(number, len(wanted)))
    finally:
        run.finish()
    return f"{answered:,} tracks{_left(len(wanted) - answered)}"


def capture_reccobeats(job: Job, progress: Progress) -> str:
    """Land the features of the tracks that ReccoBeats has not been asked for yet."""
    load_landed(job.bronze, job.landing, "reccobeats")  # what a killed run left
    wanted = wanted_track_ids(job.bronze, job.as_of)
    run = job.landing.new_run("reccobeats", job.as_of)
    try:
        asked = capture_features(
            job.settings.reccobeats_url,
            run,
            wanted,
            job.clock,
            lambda count: progress(count, len(wanted)),
        )
    finally:
        if run.manifest.pages:
            run.finish()
    return f"{asked:,} tracks asked for{_left(len(wanted) - asked)}"


def load(job: Job, progress: Progress) -> str:
    """Load the registry, the run's clock, and all that landing holds and Bronze does not."""
    registry = registry_tables(job.connections(), imported_listeners(job.landing), job.as_of)
    job.bronze.load("listeners", LISTENERS, registry)
    counts: Counter[str] = Counter()
    for source in SOURCES:
        counts.update(load_landed(job.bronze, job.landing, source, progress))
    history = load_history(job.bronze, job.landing)
    plays = sum(each.kept for each in history.values())
    parts = [
        *_if_any(counts["spotify_plays"], "plays"),
        *_if_any(counts["spotify_saved_tracks"], "saved tracks"),
        *_if_any(counts["spotify_playlist_items"], "playlist items"),
        *_if_any(counts["spotify_track_lookups"], "tracks looked up"),
        *_if_any(counts["reccobeats_audio_features"], "tracks' features"),
        *_if_any(plays, "plays of exports"),
        *_if_any(counts["quarantine"], "items set aside"),
        *_if_any(len(job.bronze.set_aside), "load packages set aside"),
    ]
    return ", ".join(parts) or "nothing new"


def replay(job: Job, progress: Progress, *, replace: bool) -> str:
    """Load all of landing into a Bronze that holds nothing of it, or that is emptied first.

    InputError where Bronze holds something and `replace` is not given. A replay that is killed is
    completed by the next `load`.
    """
    runs = max(count_runs(job.bronze, pipeline) for pipeline in LANDED)  # they share the ledger
    if runs and not replace:
        raise InputError(
            f"Bronze holds {runs} capture runs already; `sonic replay --replace` empties the "
            "tables that come from landing, and loads them anew."
        )
    if runs:
        empty(job.bronze)
    return load(job, progress)


def load_catalogue(job: Job) -> str:
    """Replace the catalogue in Bronze by the given file, unless it is there already.

    `kaggle` in place of a file: by Kaggle's newest version, unless Bronze holds that one.
    """
    path, version = job.settings.catalogue, None
    if path == KAGGLE:
        held = held_file(job.bronze)
        path, version = newest_file(
            job.settings.home / "kaggle", held.dataset_version if held else None
        )
    if path is None:
        kept = keep_catalogue(job.bronze)
        if not kept:
            raise InputError(
                "There is no catalogue to recommend from; set SONIC_CATALOGUE or give --catalogue."
            )
        return f"{kept:,} tracks, as before"
    count = replace_catalogue(job.bronze, path, job.as_of, version)
    return f"{count:,} tracks from {path.name}"


def _account(job: Job, connection: Connection) -> str:
    app = job.apps.get(connection.client_id)
    return app.account if app else ""


def _if_any(count: int, what: str) -> list[str]:
    return [f"{count:,} {what}"] if count else []


def _left(count: int) -> str:
    return f", {count:,} left for the next run" if count else ""


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
