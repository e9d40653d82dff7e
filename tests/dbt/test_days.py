"""The random days of the tests have every awkward case."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from tests.dbt.days import World
from tests.dbt.test_increments import SEED

Loaded = tuple[int, dict[str, Any]]  # the number of the load, and a row
REACH = timedelta(seconds=90)
CASES = """
    account_repeats_extended added_by_others another_artist another_id another_isrc
    api_then_export_over_midnight artist_simplified capture_gap captured_again
    catalogue_replaced chain export_then_api_over_midnight features_changed features_late
    full_sync imported_again late_capture late_description listener_shares_track local_file
    long_play name_only one_instant one_recording_late own_zone_changed playlist_changed
    quarantined registered_late repeat saved_again two_captures undated_addition undated_save
""".split()


def rows_of(world: World, days: int) -> dict[str, list[Loaded]]:
    """Return the rows of each table after some days, with the number of their load."""
    loaded: dict[str, list[Loaded]] = defaultdict(list)
    loads = [load for number in range(days) for load in world.day(number)]
    for number, load in enumerate(loads):
        for name, rows in load.rows.items():
            loaded[name] += [(number, row) for row in rows]
        if load.replaced:
            loaded["replaced"].append((number, {}))
    assert all(one.loaded_at < other.loaded_at for one, other in pairwise(loads))
    return loaded


def varied(loaded: list[Loaded], key: str, value: str) -> bool:
    """Return whether a later row of some key has another value."""
    values: dict[Any, set[Any]] = defaultdict(set)
    for _, row in loaded:
        values[row[key]].add(str(row[value]).upper())
    return any(len(each) > 1 for each in values.values())


def first(loaded: list[Loaded], key: str) -> dict[Any, int]:
    """Return the number of the first load with each key."""
    return {row[key]: number for number, row in reversed(loaded)}


def later(loaded: list[Loaded], before: list[Loaded], key: str) -> bool:
    """Return whether a key of the first list was in the second one in an earlier load."""
    others = first(before, key)
    return any(number > others.get(each, number) for each, number in first(loaded, key).items())


def matches(
    world: World, plays: list[Loaded], exports: list[Loaded]
) -> Iterator[tuple[Loaded, Loaded]]:
    """Find the plays of one listener and song that two sources have within reach."""
    names = {track_id: str(song.number) for track_id, song in world.songs.of_id.items()}
    for play in plays:
        for export in exports:
            if (
                play[1]["user_id"] == export[1]["user_id"]
                and play[1].get("track_name")
                and names.get(play[1].get("track_id"), "-")
                == export[1].get("track_name", "").split(" - ")[0][5:]
                and abs(play[1]["played_at"] - export[1]["ended_at"]) <= REACH
            ):
                yield play, export


def cases_of(world: World, days: int) -> Iterator[str]:
    """Yield the names of the awkward cases in these days."""
    loaded = rows_of(world, days)
    plays, exports = loaded["spotify_plays"], loaded["streaming_history_plays"]
    described: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for number, track in loaded["spotify_tracks"]:
        if track["isrc"]:
            described[track["track_id"]].append((number, track["isrc"].upper()))
    for (number, play), (export_number, export) in matches(world, plays, exports):
        if play["played_at"].date() != export["ended_at"].date():
            api_first = number < export_number
            yield f"{'api_then_export' if api_first else 'export_then_api'}_over_midnight"
        if export.get("track_id") not in (None, play["track_id"]):
            yield "another_id"
            ones, others = (described[row["track_id"]] for row in (play, export))
            if any(
                one_isrc == other_isrc and max(one, other) > max(number, export_number)
                for one, one_isrc in ones
                for other, other_isrc in others
            ):
                yield "one_recording_late"
        if export["kind"] == "account_music":
            yield "name_only"
    by_kind = defaultdict(set)
    for _, export in exports:
        minute: datetime = export["ended_at"].replace(second=0)
        names = (export["user_id"], str(export.get("track_name")).lower(), minute)
        by_kind[export["kind"] == "account_music"].add(names)
    found = {
        "account_repeats_extended": by_kind[True] & by_kind[False],
        "imported_again": in_two_loads(exports, "play_id"),
        "long_play": [e for _, e in exports if e["ms_played"] > 3_600_000],
        "late_capture": any(
            later_row["captured_at"] < row["captured_at"]
            for (_, row), (_, later_row) in pairwise(plays)
        ),
        **of_plays(plays),
        **of_the_rest(loaded),
    }
    yield from (name for name, holds in found.items() if holds)


def in_two_loads(loaded: list[Loaded], key: str) -> bool:
    """Return whether two loads have the same key."""
    loads = defaultdict(set)
    for number, row in loaded:
        loads[row[key]].add(number)
    return any(len(each) > 1 for each in loads.values())


def of_plays(plays: list[Loaded]) -> dict[str, object]:
    once = {(p["user_id"], p["played_at"], p["track_uri"]): p for _, p in plays}
    heard = sorted(once)
    a_minute = [
        one
        for one, other in pairwise(heard)
        if (one[0], one[2]) == (other[0], other[2]) and other[1] - one[1] == timedelta(minutes=1)
    ]
    close = [
        one
        for one, other in pairwise(heard)
        if one[0] == other[0] and timedelta(minutes=28) < other[1] - one[1] < timedelta(minutes=31)
    ]
    captures = {(p["user_id"], p["captured_at"]) for _, p in plays}
    days = Counter((user_id, captured_at.date()) for user_id, captured_at in captures)
    return {
        "captured_again": len(plays) > len(once),
        "two_captures": max(days.values()) > 1,
        "one_instant": len({key[:2] for key in once}) < len(once),
        "repeat": len(a_minute) > 5,
        "chain": len(close) > 40,
        "local_file": any(p["track_id"] is None for p in once.values()),
        "listener_shares_track": len({(k[0], k[2]) for k in once}) > len({k[2] for k in once}),
    }


def of_the_rest(loaded: dict[str, list[Loaded]]) -> dict[str, object]:
    tracks, measured = loaded["spotify_tracks"], loaded["reccobeats_audio_features"]
    saves = [row for _, row in loaded["spotify_saved_tracks"]]
    items = [row for _, row in loaded["spotify_playlist_items"]]
    return {
        "late_description": later(tracks, loaded["spotify_plays"], "track_id"),
        "another_isrc": varied(tracks, "track_id", "isrc"),
        "another_artist": varied(tracks, "track_id", "artist_id"),
        "artist_simplified": varied(loaded["spotify_artists"], "artist_id", "is_full"),
        "features_changed": varied(measured, "track_id", "energy"),
        "features_late": later(measured, loaded["spotify_plays"], "track_id"),
        "catalogue_replaced": loaded["replaced"],
        "registered_late": later(loaded["sonic_listeners"], loaded["spotify_plays"], "user_id"),
        "own_zone_changed": varied(loaded["sonic_listeners"], "user_id", "time_zone"),
        "saved_again": varied(loaded["spotify_saved_tracks"], "track_id", "added_at"),
        "undated_save": any(row["added_at"] is None for row in saves),
        "full_sync": any(
            row["data_type"] == "saved_tracks" for _, row in loaded["spotify_full_passes"]
        ),
        "playlist_changed": varied(loaded["spotify_playlist_items"], "playlist_id", "snapshot_id"),
        "undated_addition": any(
            row["added_at"] is None for row in items if row["item_type"] == "track"
        ),
        "added_by_others": any(row["added_by_id"] == "stranger" for row in items),
        "capture_gap": loaded["spotify_capture_gaps"],
        "quarantined": loaded["quarantine"],
    }


@pytest.mark.parametrize("days", [3, 30])
def test_the_days_hold_every_awkward_case(days: int) -> None:
    held = set(cases_of(World(Random(SEED)), days))
    assert set(CASES) - held == set()
