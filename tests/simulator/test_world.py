"""The world is a pure function of seed, catalogue, listeners and clock."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest

from simulator import Catalogue
from simulator.plays import HELD, TERM_DAYS
from simulator.world import World
from tests.simulator.visitor import small

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def world() -> World:
    return World(small(listeners=4, catalogue_size=4_000, history_start=date(2026, 5, 1)))


def test_the_same_seed_makes_the_same_world_and_another_seed_another() -> None:
    one, same, other = World(small(seed=1)), World(small(seed=1)), World(small(seed=2))
    assert one.catalogue.frame.equals(Catalogue.generate(1, 1_500).frame)
    for user_id, listener in one.listeners.items():
        assert listener == same.listeners[user_id]
        assert one.truth(user_id) == same.truth(user_id)
        assert one.library(user_id).playlists(one.clock) == same.library(user_id).playlists(
            one.clock
        )
    assert not set(one.listeners) & set(other.listeners)


def test_more_listeners_leave_the_first_ones_as_they_are() -> None:
    few, many = World(small(listeners=2)), World(small(listeners=7))
    assert list(few.listeners.values()) == list(many.listeners.values())[:2]
    assert (len(few.apps), len(many.apps)) == (1, 2)


def test_tomorrow_adds_plays_and_changes_none(world: World) -> None:
    for user_id in world.listeners:
        history = world.history(user_id)
        today, tomorrow = history.until(world.clock), history.until(world.clock + DAY)
        assert tomorrow[: len(today)] == today
        assert len(tomorrow) > len(today)
        assert history.until(world.clock + DAY, since=world.clock) == tomorrow[len(today) :]


def test_a_play_made_first_by_looking_back_is_the_same(world: World) -> None:
    fresh = World(world.config)
    user_id = next(iter(world.listeners))
    heard = [play for play in world.history(user_id).until(world.clock - DAY) if not play.is_skip]
    assert fresh.history(user_id).held(world.clock - DAY)[::-1] == heard[-HELD:]


def test_plays_never_overlap_and_end_on_whole_milliseconds(world: World) -> None:
    for user_id in world.listeners:
        plays = world.history(user_id).until(world.clock)
        for earlier, later in pairwise(plays):
            assert later.played_at - timedelta(milliseconds=later.ms_played) >= earlier.played_at
        assert all(play.played_at.microsecond % 1000 == 0 for play in plays)
        assert all(play.played_at.tzinfo is UTC for play in plays)


def test_polling_once_a_day_at_any_hour_collects_the_truth(world: World) -> None:
    for hour, user_id in enumerate(world.listeners):
        first = datetime(2026, 6, 1, 7 * hour, tzinfo=UTC)
        seen = set()
        for day in range(60):
            seen |= set(world.history(user_id).held(first + day * DAY))
        happened = world.history(user_id).until(first + 59 * DAY, since=first - DAY)
        assert {play for play in happened if not play.is_skip} <= seen


def test_truth_knows_what_is_reachable(world: World) -> None:
    truth = world.truth(next(iter(world.listeners)))
    heard = [true.is_reachable for true in truth if not true.play.is_skip]
    assert heard == [False] * (len(heard) - HELD) + [True] * HELD
    assert not any(true.is_reachable for true in truth if true.play.is_skip)


def test_days_differ_and_some_plays_are_skipped(world: World) -> None:
    for user_id, listener in world.listeners.items():
        plays = world.history(user_id).until(world.clock)
        days = Counter(play.played_at.astimezone(listener.zone).date() for play in plays)
        assert 10 < np.mean(list(days.values())) < 32
        assert max(days.values()) < HELD
        assert 0.03 < np.mean([play.is_skip for play in plays]) < 0.25
        night = [play for play in plays if play.played_at.astimezone(listener.zone).hour in (4, 5)]
        assert len(night) < len(plays) / 20


def test_tastes_lie_apart(world: World) -> None:
    centres = [
        np.median(world.catalogue.space[world.catalogue.rows(listener.taste.core)], axis=0)
        for listener in world.listeners.values()
    ]
    for number, one in enumerate(centres):
        assert all(np.linalg.norm(one - other) > 1 for other in centres[:number])


def test_top_items_count_the_plays(world: World) -> None:
    history = world.history(next(iter(world.listeners)))
    since = world.clock - timedelta(days=TERM_DAYS["short_term"])
    counts = Counter(
        play.track_id for play in history.until(world.clock, since) if not play.is_skip
    )
    top = [track.track_id for track in history.top_tracks(world.clock, "short_term")]
    assert [counts[track_id] for track_id in top] == sorted(counts.values(), reverse=True)
    assert history.top_artists(world.clock, "short_term")


def test_libraries_grow_and_a_snapshot_changes_with_the_items_only(world: World) -> None:
    for user_id in world.listeners:
        library = world.library(user_id)
        later = world.clock + 30 * DAY
        before, after = library.saved_tracks(world.clock), library.saved_tracks(later)
        assert after[-len(before) :] == before
        assert len(after) > len(before) > 50
        for old, new in zip(library.playlists(world.clock), library.playlists(later), strict=True):
            assert (old.snapshot_id == new.snapshot_id) == (old.items == new.items)
        main, recent, odds, shared, followed = library.playlists(world.clock)
        assert {item.track_id for item in main.items} == set(world.listeners[user_id].taste.core)
        assert recent.items != library.playlists(later)[1].items
        assert {item.kind for item in odds.items} == {"track", "local", "episode", "removed"}
        assert any(item.added_at is None for item in odds.items)
        assert len({item.added_by_id for item in shared.items}) == 2
        assert not followed.is_readable_by(user_id)
