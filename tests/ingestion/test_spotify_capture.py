"""What is requested from Spotify, run by run, and what is recorded."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest

from ingestion import http
from ingestion.quota import Quota
from ingestion.spotify import capture
from oauth.tokens import TokenState
from tests.ingestion.worlds import World, world

pytestmark = pytest.mark.whole

NOON = datetime(2026, 5, 31, 12, tzinfo=UTC)
TOPS = "select user_id, kind, term, rank, cast(captured_at as date), item_id from spotify_top_items"
FULL_SYNCS = "select data_type, count(*) from spotify_full_passes group by data_type"


def calls_of(live: World, hours: float) -> dict[str, int]:
    """Count each listener's calls in one more poll, some hours later."""
    live.advance(hours=hours)
    before = live.calls()
    live.capture()
    return {user_id: count - before[user_id] for user_id, count in live.calls().items()}


def endpoints(live: World) -> set[str]:
    return {path for counts in live.simulator.calls.values() for path in counts}


def test_a_sync_with_nothing_new_needs_at_most_twelve_calls_even_on_a_new_day(
    tmp_path: Path,
) -> None:
    with world(tmp_path, as_of=NOON) as live:
        live.capture()
        assert max(calls_of(live, hours=0).values()) <= 5  # the top lists are landed already
        live.advance(hours=6)
        live.capture()
        assert max(calls_of(live, hours=12).values()) <= 12


def test_a_new_play_needs_no_call_for_objects_that_are_in_the_page(tmp_path: Path) -> None:
    with world(tmp_path, as_of=NOON) as live:
        live.poll()
        live.advance(hours=24)
        live.poll()
        called = endpoints(live)
        plays = live.rows("select count(*) from spotify_plays where track_id is not null")
        undescribed = live.rows("""
            select count(*) from spotify_plays plays
            where track_id not in (select track_id from spotify_tracks)
        """)
    assert plays > [(0,)]
    assert undescribed == [(0,)]
    assert not [path for path in called if path.startswith(("/v1/tracks", "/v1/albums", "/v1/art"))]


def test_top_lists_are_requested_once_a_day(tmp_path: Path) -> None:
    with world(tmp_path, as_of=NOON, listeners=1) as live:
        for hours in (1, 24, 1):
            live.capture()
            live.advance(hours=hours)
        live.load()
        rows = live.rows(TOPS)
    assert len(rows) == len({row[:5] for row in rows}) > 0
    assert len({row[4] for row in rows}) == 2
    assert {(kind, term) for _, kind, term, *_ in rows} == {
        (kind, term)
        for kind in ("tracks", "artists")
        for term in ("short_term", "medium_term", "long_term")
    }


def test_a_weekly_full_sync_shows_what_is_no_longer_saved(tmp_path: Path) -> None:
    with world(tmp_path, as_of=NOON) as live:
        for _ in range(3):
            live.capture()
            live.advance(hours=4 * 24)
        live.load()
        full_syncs = dict(live.rows(FULL_SYNCS))
        gone = live.rows("""
            select user_id, track_id from spotify_saved_tracks saved
            group by user_id, track_id
            having max(captured_at) < (
                select max(started_at) from spotify_full_passes full_syncs
                where full_syncs.data_type = 'saved_tracks' and full_syncs.user_id = saved.user_id
            )
        """)
        polled = live.polled_at[-1]
        removed = {
            (listener.user_id, item.track_id)
            for listener in live.simulator.listeners
            for item in live.simulator.saved(listener.user_id)
            if item.removed_at and NOON < item.removed_at <= polled
        }
        kept = {
            (listener.user_id, item.track_id)
            for listener in live.simulator.listeners
            for item in live.simulator.world.library(listener.user_id).saved_tracks(polled)
        }
    assert full_syncs["saved_tracks"] == 4  # two listeners, the first poll and a week later
    assert set(gone) == removed - kept


def test_one_unreadable_list_stops_neither_the_listeners_others_nor_the_other_listener(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "MAX_ATTEMPTS", 2)
    with world(tmp_path, as_of=NOON) as live:
        revoked, other = (listener.user_id for listener in live.simulator.listeners)
        live.simulator.faults.revoked.add(revoked)
        live.simulator.faults.rate_5xx, live.simulator.faults.paths = 1.0, ("/v1/me/tracks",)
        outcome = live.capture()
        live.load()
        bronze = live.bronze()
        assert live.job().store.get(revoked).state is TokenState.SIGN_IN_AGAIN
    assert {user_id for user_id, *_ in bronze.plays} == {other}
    assert bronze.items
    assert not bronze.saved
    assert "2 listeners left for the next run, 1 listener to sign in again" in outcome


def test_ten_listeners_take_at_most_a_third_of_the_serial_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world(tmp_path, as_of=NOON, listeners=10, latency_ms=100) as live:

        def seconds(workers: int) -> float:
            monkeypatch.setattr(capture, "WORKERS", workers)
            started = monotonic()
            live.capture()
            return monotonic() - started

        live.capture()  # from here on each capture makes the same calls
        best = min(seconds(capture.WORKERS) for _ in range(2))  # other tests may run, too
        assert best <= seconds(1) / 3


def test_listeners_of_one_account_wait_together_while_its_window_is_full(tmp_path: Path) -> None:
    with world(tmp_path, as_of=NOON, listeners=4, apps=1, rate_limit=40, rate_window_s=2) as live:
        live.poll()
        assert live.bronze() == live.readable


def test_a_quota_used_up_midway_keeps_landed_pages_and_the_next_run_continues(
    tmp_path: Path,
) -> None:
    with world(tmp_path, as_of=NOON, listeners=6) as live:
        live.simulator.faults.quota_exceeded_calls = 30
        live.poll()
        partly = live.bronze()
        live.simulator.faults.quota_exceeded_calls = None
        live.poll()
        assert partly.items < live.readable.items
        assert live.bronze() == live.readable


def test_a_closed_quota_wakes_waiting_threads() -> None:
    quota = Quota()
    quota.pause(60)
    quota.close(RuntimeError("used up"))
    started = monotonic()
    with pytest.raises(RuntimeError, match="used up"):
        quota.wait()
    assert monotonic() - started < timedelta(seconds=1).total_seconds()
