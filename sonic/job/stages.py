"""The stages of the daily job, in order; the command line and the orchestrator call the same ones.

Each takes the open `Job` and returns one line with its result. Long stages report their progress to
a function of the number done and the total.
"""

import logging
from collections import Counter
from collections.abc import Callable, Collection
from functools import partial

from ingestion.errors import InputError, SourceError
from ingestion.kaggle.download import newest_file
from ingestion.kaggle.load import held_file, keep_catalogue, replace_catalogue
from ingestion.landed import SOURCES, count_runs, empty, finish_emptying, load_landed
from ingestion.landing import Run
from ingestion.listeners.registry import load_registry
from ingestion.quota import Quota
from ingestion.reccobeats.capture import capture_features
from ingestion.reccobeats.wanted import wanted_track_ids
from ingestion.spotify.capture import ListenerAccess, SpotifyCapture
from ingestion.spotify.lookups import TrackLookups, wanted_tracks
from ingestion.streaming_history.listeners import imported_listeners
from ingestion.streaming_history.load import load_history
from oauth.spotify import AuthorizationRefused, SpotifyAuth
from oauth.tokens import Connection, TokenState
from sonic.job.context import Job
from sonic.settings import KAGGLE
from sonic.steps import counted

logger = logging.getLogger(__name__)

Progress = Callable[[float, float], None]

EVERYTHING = ("listeners", *SOURCES, "streaming_history")  # what `load` can load
# What each load of a run takes. Look-ups are landed after the first load, and are in it, too: a
# killed run may have left some.
SPOTIFY = ("listeners", "spotify", "spotify_lookups")
HISTORY = ("listeners", "streaming_history")
CAPTURED = (*SPOTIFY, "streaming_history")
LOOKED_UP = ("spotify_lookups", "reccobeats")


def capture_spotify(job: Job, progress: Progress) -> str:
    """Land the new data of every listener with a usable token, several listeners at a time.

    Apps of one developer account share its quota. When it is used up, the account's listeners are
    left for the next run, and other accounts continue.

    Args:
        job: The open job.
        progress: Receives the listeners done so far, and their number.

    Returns:
        One line with the number of listeners and pages, and what was left.

    Raises:
        SourceError: Spotify answered for no listener.
    """
    connections = job.connections()
    active = [each for each in connections if each.state is TokenState.ACTIVE]
    settings = job.settings
    capture = SpotifyCapture(
        settings.spotify_api_url, job.landing, job.as_of, job.clock, settings.market
    )
    accesses = [
        ListenerAccess(
            each.user_id, partial(_access_token, job, each), each.connected_at, _account(job, each)
        )
        for each in active
    ]
    done = capture.listeners(accesses, lambda number: progress(number, len(active)))
    is_quota_left = not any(quota.is_closed for quota in capture.quotas.values())
    if capture.problems and not done and not capture.count_pages and is_quota_left:
        raise SourceError(f"Spotify answered for no listener: {capture.problems[0]}")
    revoked = sum(each.state is not TokenState.ACTIVE for each in job.connections())
    return ", ".join(
        [
            f"{counted(done, 'listener')}, {counted(capture.count_pages, 'page')}",
            *_if_any(len(active) - done, "listener", "left for the next run"),
            *_if_any(revoked, "listener", "to sign in again"),
            *_if_any(capture.count_gaps, "capture gap"),
        ]
    )


def capture_lookups(job: Job, progress: Progress) -> str:
    """Land the descriptions of tracks that only an export names, up to `lookups_per_run`.

    Args:
        job: The open job.
        progress: Receives the tracks done so far, and their number.

    Returns:
        One line with the number of tracks, and how many are left.
    """
    with job.bronze.kept_open():
        wanted = wanted_tracks(job.bronze, job.settings.lookups_per_run)
    apps = list(job.apps.values())
    if not wanted or not apps:
        waiting = " for a Spotify app to look up" if wanted else ""
        return f"{counted(len(wanted), 'track')}{waiting}"
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
    return f"{counted(answered, 'track')}{_left(len(wanted) - answered, run)}"


def capture_reccobeats(job: Job, progress: Progress) -> str:
    """Land the features of tracks that were not requested from ReccoBeats yet, or are due again.

    Args:
        job: The open job.
        progress: Receives the tracks requested so far, and their number.

    Returns:
        One line with the number of requested tracks, and how many are left.
    """
    with job.bronze.kept_open():
        load_landed(job.bronze, job.landing, "reccobeats")  # what a killed run left
        wanted = wanted_track_ids(job.bronze, job.as_of)
    run = job.landing.new_run("reccobeats", job.as_of)
    try:
        requested = capture_features(
            job.settings.reccobeats_url,
            run,
            wanted,
            job.clock,
            lambda count: progress(count, len(wanted)),
        )
    finally:
        run.finish()
    return f"{counted(requested, 'track')} requested{_left(len(wanted) - requested, run)}"


def load(job: Job, progress: Progress, sources: Collection[str] = EVERYTHING) -> str:
    """Load what landing holds and Bronze does not.

    Args:
        job: The open job.
        progress: Receives the pages read so far, and their number.
        sources: Names out of EVERYTHING; `listeners` is the registry and the run's clock.

    Returns:
        One line with the number of new rows by kind.
    """
    with job.bronze.kept_open():
        finish_emptying(job.bronze)
        if "listeners" in sources:
            load_registry(job.bronze, job.connections(), imported_listeners(job.landing), job.as_of)
        counts: Counter[str] = Counter()
        for source in SOURCES:
            if source in sources:
                counts.update(load_landed(job.bronze, job.landing, source, progress))
        history = load_history(job.bronze, job.landing) if "streaming_history" in sources else {}
    plays = sum(each.kept for each in history.values())
    parts = [
        *_if_any(counts["spotify_plays"], "play"),
        *_if_any(counts["spotify_saved_tracks"], "saved track"),
        *_if_any(counts["spotify_playlist_items"], "playlist item"),
        *_if_any(counts["spotify_track_lookups"], "track", "looked up"),
        *_if_any(counts["reccobeats_audio_features"], "track", "with features"),
        *_if_any(plays, "play", "from exports"),
        *_if_any(counts["quarantine"], "item", "in quarantine"),
        *_if_any(len(job.bronze.set_aside), "load package", "set aside"),
    ]
    return ", ".join(parts) or "nothing new"


def replay(job: Job, progress: Progress, *, replace: bool) -> str:
    """Load all of landing into an empty Bronze; the next `load` completes a killed replay.

    Args:
        job: The open job.
        progress: Receives the pages read so far, and their number.
        replace: Empty the tables that come from landing first.

    Returns:
        One line with the number of rows by kind.

    Raises:
        InputError: Bronze is not empty, and `replace` is not set.
    """
    if replace:
        empty(job.bronze)
    elif runs := count_runs(job.bronze):
        raise InputError(
            f"Bronze holds {runs:,} capture runs already; `sonic replay --replace` empties the "
            "tables that come from landing, and loads them again."
        )
    return load(job, progress)


def load_catalogue(job: Job) -> str:
    """Replace the catalogue in Bronze with the configured file, unless Bronze holds it already.

    `kaggle` instead of a file means Kaggle's newest version. If Kaggle cannot be read, the
    catalogue in Bronze is kept.

    Args:
        job: The open job.

    Returns:
        One line with the number of tracks and their file.

    Raises:
        InputError: There is no catalogue, or the file cannot be used.
    """
    path, version, why = job.settings.catalogue, None, ""
    if path == KAGGLE:
        held = held_file(job.bronze)
        try:
            path, version = newest_file(
                job.settings.home / "kaggle", held.dataset_version if held else None
            )
        except SourceError as error:
            path, why = None, f": {error}"
    if path is None:
        kept = keep_catalogue(job.bronze)
        if not kept:
            raise InputError(
                "There is no catalogue to recommend from; set SONIC_CATALOGUE or use --catalogue"
                f"{why}."
            )
        return f"{kept:,} tracks, as before{why}"
    with job.bronze.kept_open():
        count = replace_catalogue(job.bronze, path, job.as_of, version)
    return f"{count:,} tracks from {path.name}"


def _account(job: Job, connection: Connection) -> str:
    app = job.apps.get(connection.client_id)
    return app.account if app else ""


def _if_any(count: int, noun: str, what: str = "") -> list[str]:
    return [f"{counted(count, noun)} {what}".strip()] if count else []


def _left(count: int, run: Run) -> str:
    """Return how many are left for the next run, and the reason if it is known."""
    reason = "".join(f" ({problem['reason']})" for problem in run.manifest.problems[:1])
    return f", {count:,} left for the next run{reason}" if count else ""


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
            _mark_dead(job, connection)
        raise


def _mark_dead(job: Job, connection: Connection) -> None:
    """Mark that the listener must sign in again, unless they have done so meanwhile."""
    if job.store.get(connection.user_id).refresh_token == connection.refresh_token:
        job.store.mark(connection.user_id, TokenState.SIGN_IN_AGAIN)
