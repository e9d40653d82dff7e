"""All steps together: fitting tracks, no repetition, and tracks for every listener."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ml.dataset.names import Keys
from ml.runtime import Work
from ml.tables import RECOMMENDATIONS
from tests.ml import worlds
from tests.ml.conftest import World

COLD = "your taste is not known yet · picked for variety"


def test_fans_get_tracks_of_their_school(world: World) -> None:
    recommended = world.recommend(*(f"fan{i}" for i in range(8))).merge(
        world.catalogue, on="track_id"
    )
    school = recommended["artist_name"].str.split().str[1].astype(int) % 8
    assert (school == recommended["user_id"].str[3:].astype(int)).mean() > 0.9
    assert (recommended.groupby("user_id").size() == 15).all()
    assert recommended.groupby(["user_id", "artist_name"]).size().max() <= 2
    assert not recommended["reasons"].str.contains("not known").any()


def test_the_executor_changes_nothing(world: World) -> None:
    def in_turn(work: Work, keys: Sequence[str], schema: pa.Schema, _: Sequence[Path]) -> pa.Table:
        return pa.concat_tables([schema.empty_table(), *map(work, keys)])

    users = [*(f"fan{i}" for i in range(8)), "nobody"]
    pd.testing.assert_frame_equal(
        world.recommend(*users, executor=in_turn), world.recommend(*users[::-1])
    )


def test_the_best_comes_first_and_half_the_artists_are_new(world: World) -> None:
    recommended = world.recommend("fan3")
    assert recommended["rank"].tolist() == list(range(1, 16))
    assert recommended["confidence"].is_monotonic_decreasing
    played = world.signal.loc[world.signal["user_id"] == "fan3", "artist_name"]
    artists = recommended.merge(world.catalogue, on="track_id")["artist_name"]
    assert (~artists.isin(played)).sum() >= 8


def test_thirty_days_pass_before_a_track_is_shown_again(world: World) -> None:
    history = world.recommend("fan0", "nobody")
    for day in (1, 29):
        as_of = worlds.AS_OF + timedelta(days=day)
        recommended = world.recommend("fan0", "nobody", as_of=as_of, history=history)
        assert len(recommended) == 30
        assert not recommended.merge(history, on=["user_id", "track_id"]).size
    later = worlds.AS_OF + timedelta(days=31)
    recommended = world.recommend("fan0", "nobody", as_of=later, history=history)
    assert recommended["track_id"].tolist() == history["track_id"].tolist()


def test_a_second_run_of_one_instant_changes_nothing(world: World) -> None:
    history = world.recommend("fan0")
    for as_of in (worlds.AS_OF, worlds.AS_OF.replace(tzinfo=UTC)):
        pd.testing.assert_frame_equal(
            world.recommend("fan0", as_of=as_of, history=history), history
        )
    east = datetime(2026, 5, 31, 8, tzinfo=timezone(timedelta(hours=2)))
    pd.testing.assert_frame_equal(world.recommend("fan0", as_of=east, history=history), history)


def test_a_listener_without_known_tracks_gets_varied_ones_and_the_reason(world: World) -> None:
    strange = worlds.signal(world.catalogue, ann=["elsewhere"]).assign(isrc=None)
    recommended = world.recommend("ann", "nobody", signal=pd.concat([world.signal, strange]))
    assert (recommended["reasons"] == COLD).all()
    assert (recommended["confidence"] == 0.5).all()
    artists = recommended.merge(world.catalogue, on="track_id")["artist_name"]
    assert artists.str.split().str[1].astype(int).mod(8).nunique() >= 5
    assert recommended.groupby("user_id").size().tolist() == [15, 15]


def test_a_listener_of_known_artists_but_no_known_track_gets_similar_music(world: World) -> None:
    artists = [f"Artist {8 * i + 3}" for i in range(12)]  # all of one school
    tracks = {"track_id": [f"elsewhere{i}" for i in range(12)], "track_name": "Rarity"}
    played = pd.DataFrame({"user_id": "ann", "artist_name": artists, "isrc": None} | tracks)
    signal = pd.concat([world.signal, played.assign(strength=1.0)])
    recommended = world.recommend("ann", signal=signal).merge(world.catalogue, on="track_id")
    assert (recommended["artist_name"].str.split().str[1].astype(int) % 8 == 3).mean() > 0.6
    assert not (recommended["reasons"] == COLD).any()
    assert (
        not recommended["reasons"]
        .str.contains("your tracks|your usual|close to yours|tracks that you")
        .any()
    )


def test_a_small_interest_gets_tracks_beside_a_large_one(world: World) -> None:
    school = world.catalogue["artist_name"].str.split().str[1].astype(int) % 8
    ids = [world.catalogue.loc[school == kind, "track_id"] for kind in (0, 4)]
    likes = [*ids[0].sample(60, random_state=0), *ids[1].sample(8, random_state=0)]
    signal = pd.concat([world.signal, worlds.signal(world.catalogue, ann=likes)])
    recommended = world.recommend("ann", signal=signal)["track_id"]
    assert recommended.isin(ids[0]).sum() >= 8
    assert recommended.isin(ids[1]).sum() >= 1


def test_a_small_catalogue_gives_fewer_tracks(world: World) -> None:
    few = world.catalogue.head(8).assign(artist_name=[f"Artist {i}" for i in range(8)])
    recommended = world.recommend(
        "ann", "nobody", catalogue=few, signal=worlds.signal(few, ann=["t00003"])
    )
    assert recommended.groupby("user_id").size().to_dict() == {"ann": 7, "nobody": 8}
    tomorrow = worlds.AS_OF + timedelta(days=1)
    assert world.recommend("nobody", catalogue=few, history=recommended, as_of=tomorrow).empty
    all_known = worlds.signal(few, ann=few["track_id"].tolist())
    assert world.recommend("ann", catalogue=few, signal=all_known).empty


@pytest.mark.parametrize("empty", ["catalogue", "ranker", "listeners", "signal"])
def test_an_empty_frame_is_no_error(world: World, empty: str) -> None:
    frames: dict[str, Any] = {"listeners": worlds.users("fan0")}
    frames[empty] = frames.get(empty, getattr(world, empty, None)).head(0)
    recommended = world.recommend(**frames)
    assert len(recommended) == (15 if empty == "signal" else 0)
    assert recommended.columns.tolist() == RECOMMENDATIONS.names


def test_nothing_is_recommended_before_the_first_run(world: World) -> None:
    assert world.recommend("fan0", as_of=None).empty


@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    tracks=st.lists(st.integers(0, 1_499), max_size=60, unique=True),
    elsewhere=st.lists(st.integers(0, 1_499), max_size=20),
    strengths=st.lists(st.floats(0.01, 10), min_size=80, max_size=80),
)
def test_no_known_track_is_recommended(
    world: World, tracks: list[int], elsewhere: list[int], strengths: list[float]
) -> None:
    """Some tracks are known by id, others by a live version with another id."""
    played = world.catalogue.iloc[[*tracks, *elsewhere]].assign(user_id="ann")
    versions = np.arange(len(played)) >= len(tracks)
    played.loc[versions, "track_id"] = [f"live{i}" for i in range(versions.sum())]
    played.loc[versions, "track_name"] += " - Live"
    recommended = world.recommend("ann", signal=played.assign(strength=strengths[: len(played)]))
    shown = recommended.merge(world.catalogue, on="track_id")
    shown_songs, played_songs = (set(Keys.of(each).songs.to_pylist()) for each in (shown, played))
    assert not shown_songs & played_songs
    assert not set(shown["isrc"].dropna()) & set(played["isrc"].dropna())
    assert recommended["rank"].tolist() == list(range(1, 16))
    assert recommended["confidence"].between(0, 1).all()
    assert recommended.notna().all(axis=None)
    assert shown.groupby("artist_name").size().max() <= 2
