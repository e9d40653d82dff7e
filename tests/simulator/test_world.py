"""The world is a pure function of seed, catalogue, listeners and clock."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest

from simulator import Catalogue
from simulator.api.state import World
from simulator.world.kept import happened
from simulator.world.plays import HELD, TERM_DAYS
from tests.simulator.client import small

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


def test_more_listeners_do_not_change_the_first_ones() -> None:
    few, many = World(small(listeners=2)), World(small(listeners=7))
    assert list(few.listeners.values()) == list(many.listeners.values())[:2]
    assert (len(few.apps), len(many.apps)) == (1, 2)


def test_the_next_day_adds_plays_and_changes_none(world: World) -> None:
    for user_id in world.listeners:
        history = world.history(user_id)
        today, tomorrow = history.until(world.clock), history.until(world.clock + DAY)
        assert tomorrow[: len(today)] == today
        assert len(tomorrow) > len(today)
        assert history.until(world.clock + DAY, since=world.clock) == tomorrow[len(today) :]


def test_plays_do_not_depend_on_the_order_in_which_days_are_generated(world: World) -> None:
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


def test_tastes_are_far_apart(world: World) -> None:
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


def test_libraries_grow_and_later_days_change_nothing_earlier(world: World) -> None:
    later = world.clock + 30 * DAY
    for user_id in world.listeners:
        library = world.library(user_id)
        before = library.saved_until(world.clock)
        assert happened(library.saved_until(later), world.clock) == before
        assert len(library.saved_tracks(later)) > len(library.saved_tracks(world.clock)) > 50
        newest_first = [item.added_at for item in library.saved_tracks(world.clock)]
        assert newest_first == sorted(newest_first, key=str, reverse=True)
        main, recent, odds, shared, followed = library.playlists(world.clock)
        ever = {item.track_id for item in library.items_until(world.clock)[main.playlist_id]}
        assert ever == set(world.listeners[user_id].taste.core)
        assert recent.items != library.playlists(later)[1].items
        assert {item.kind for item in odds.items} == {"track", "local", "episode", "removed"}
        assert any(item.added_at is None for item in odds.items)
        assert len({item.added_by_id for item in shared.items}) == 2
        assert not followed.is_readable_by(user_id)


def test_each_addition_or_removal_gives_a_playlist_a_new_snapshot_id(
    world: World,
) -> None:
    moments = [world.clock + day * DAY for day in range(60)]
    for user_id in world.listeners:
        library = world.library(user_id)
        for number, playlist in enumerate(library.playlists(world.clock)):
            versions = [library.playlists(moment)[number].snapshot_id for moment in moments]
            records = [library.items_until(moment)[playlist.playlist_id] for moment in moments]
            for today, tomorrow in pairwise(zip(versions, records, strict=True)):
                assert (today[0] == tomorrow[0]) == (today[1] == tomorrow[1])
            assert versions == sorted(versions, key=versions.index)  # none is seen again later


def test_some_things_are_removed_every_fortnight_and_some_added_again(
    world: World,
) -> None:
    start = datetime(2026, 5, 1, tzinfo=UTC) + 30 * DAY
    for user_id in world.listeners:
        library, end = world.library(user_id), start + 26 * 14 * DAY
        items = [item for items in library.items_until(end).values() for item in items]
        saved, follows = library.saved_until(end), library.followed_until(end)
        removals = [thing.removed_at for thing in (*saved, *items, *follows) if thing.removed_at]
        for fortnight in range(25):
            since = start + fortnight * 14 * DAY
            assert sum(since < at <= since + 14 * DAY for at in removals) >= 2
        assert len([item for item in saved if item.removed_at]) > 25
        times = Counter(item.track_id for item in saved)
        again = [track_id for track_id, count in times.items() if count > 1]
        assert again
        for track_id in again:
            first, second = (item for item in saved if item.track_id == track_id)
            assert first.removed_at is not None
            assert first.removed_at < second.added_at


def test_no_track_is_saved_twice_at_the_same_time(world: World) -> None:
    for user_id in world.listeners:
        for day in range(0, 200, 7):
            saved = world.library(user_id).saved_tracks(world.clock + day * DAY)
            assert len({item.track_id for item in saved}) == len(saved)


def test_a_later_end_is_not_shown(world: World) -> None:
    for user_id in world.listeners:
        library = world.library(user_id)
        for thing in (*library.saved_until(world.clock), *library.followed_until(world.clock)):
            assert thing.removed_at is None or thing.removed_at <= world.clock


def test_a_marathon_has_more_plays_than_the_api_keeps_and_other_days_stay() -> None:
    day = date(2026, 10, 10)
    calm, hectic = World(small()), World(small(marathons=(day,)))
    for user_id, listener in calm.listeners.items():

        def by_day(world: World, user_id: str = user_id) -> Counter[date]:
            zone = world.listeners[user_id].zone
            shift = timedelta(hours=6 + world.listeners[user_id].wake_hour)
            return Counter(
                (play.played_at.astimezone(zone) - shift).date()
                for play in world.history(user_id).until(world.clock)
                if not play.is_skip
            )

        assert by_day(hectic)[day] > 1.5 * HELD
        noon = datetime(2026, 10, 10, 12, tzinfo=listener.zone)
        happened_then = hectic.history(user_id).until(noon + DAY, since=noon)
        held = hectic.history(user_id).held(noon + DAY)
        assert len([play for play in happened_then if not play.is_skip]) > len(held)
        assert hectic.history(user_id).until(noon - DAY) == calm.history(user_id).until(noon - DAY)
        since = noon + DAY
        assert hectic.history(user_id).until(hectic.clock, since) == calm.history(user_id).until(
            calm.clock, since
        )
