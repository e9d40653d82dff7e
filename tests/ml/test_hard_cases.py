"""Short histories, missing features, and the setting from familiar to discover."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ml.dataset.features import FEATURES, feature_matrix
from ml.serving.selection import DISCOVERY
from ml.training.train import train_ranker
from tests.ml import worlds
from tests.ml.conftest import World

MEASURED = [
    *("acousticness", "danceability", "energy", "instrumentalness", "liveness", "loudness"),
    *("speechiness", "tempo", "valence", "musical_key", "musical_mode"),
    *("release_year", "duration_ms"),
]


@pytest.mark.parametrize("tracks", [1, 5, 20])
def test_a_few_tracks_are_a_taste(world: World, tracks: int) -> None:
    some = world.signal[world.signal["user_id"] == "fan2"].head(tracks).assign(user_id="ann")
    told = world.recommend("ann", signal=some)
    assert len(told) == 15
    assert told["confidence"].between(0, 1).all()
    assert not told["reasons"].str.contains("not known").any()
    school = told.merge(world.catalogue, on="track_id")["artist_name"].str.split().str[1]
    assert (school.astype(int) % 8 == 2).mean() > 1 / 4  # by chance one in eight


@pytest.mark.parametrize("gone", [["tempo"], MEASURED], ids=["one feature", "all features"])
def test_features_that_nobody_measured_are_no_crash(
    world: World, gone: list[str], tmp_path: Path
) -> None:
    catalogue = world.catalogue.head(300).assign(**dict.fromkeys(gone, np.nan))
    assert np.isnan(feature_matrix(catalogue)).any(axis=0).sum() >= min(len(gone), len(FEATURES))
    likes = worlds.signal(catalogue, ann=catalogue["track_id"].head(12).tolist())
    ranker = train_ranker(catalogue, likes, worlds.AS_OF).to_pandas()
    told = replace(world, folder=tmp_path).recommend(
        "ann", "nobody", catalogue=catalogue, signal=likes, ranker=ranker
    )
    assert told.groupby("user_id").size().tolist() == [15, 15]
    assert told["confidence"].between(0, 1).all()
    assert (told["reasons"] != "").all()


def test_a_listener_whose_tracks_have_no_feature_gets_tracks(world: World) -> None:
    likes = world.signal[world.signal["user_id"] == "fan1"].assign(user_id="ann")
    catalogue = world.catalogue.copy()
    catalogue.loc[catalogue["track_id"].isin(likes["track_id"]), MEASURED] = np.nan
    told = world.recommend("ann", catalogue=catalogue, signal=likes)
    assert len(told) == 15
    assert told["confidence"].between(0, 1).all()


def test_more_discovery_means_more_artists_that_the_listener_does_not_play(world: World) -> None:
    played = world.signal.loc[world.signal["user_id"] == "fan0", "artist_name"]
    new = []
    for setting in ("familiar", "balanced", "discover"):
        told = world.recommend("fan0", limits=DISCOVERY[setting])
        artists = told.merge(world.catalogue, on="track_id")["artist_name"]
        new.append(int((~artists.isin(played)).sum()))
    assert new == sorted(new)
    assert all(np.array(new) >= [limits.new_artists for limits in DISCOVERY.values()])
    assert new[-1] == 15


def test_a_catalogue_without_a_feature_column_is_refused_by_name(world: World) -> None:
    without = world.catalogue.drop(columns="valence")
    with pytest.raises(ValueError, match=r"lacks the column.* valence"):
        world.recommend("fan0", catalogue=without)
    with pytest.raises(ValueError, match=r"lacks the column.* valence"):
        train_ranker(without, world.signal, worlds.AS_OF, earlier=world.ranker)
