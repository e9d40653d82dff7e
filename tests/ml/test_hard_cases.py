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
def test_a_few_tracks_are_enough_for_personal_recommendations(world: World, tracks: int) -> None:
    some = world.signal[world.signal["user_id"] == "fan2"].head(tracks).assign(user_id="ann")
    recommended = world.recommend("ann", signal=some)
    assert len(recommended) == 15
    assert recommended["confidence"].between(0, 1).all()
    assert not recommended["reasons"].str.contains("not known").any()
    school = recommended.merge(world.catalogue, on="track_id")["artist_name"].str.split().str[1]
    assert (school.astype(int) % 8 == 2).mean() > 1 / 4  # by chance one in eight


@pytest.mark.parametrize("missing", [["tempo"], MEASURED], ids=["one feature", "all features"])
def test_features_without_any_measurement_are_no_error(
    world: World, missing: list[str], tmp_path: Path
) -> None:
    catalogue = world.catalogue.head(300).assign(**dict.fromkeys(missing, np.nan))
    assert np.isnan(feature_matrix(catalogue)).any(axis=0).sum() >= min(len(missing), len(FEATURES))
    likes = worlds.signal(catalogue, ann=catalogue["track_id"].head(12).tolist())
    ranker = train_ranker(catalogue, likes, worlds.AS_OF).to_pandas()
    recommended = replace(world, folder=tmp_path).recommend(
        "ann", "nobody", catalogue=catalogue, signal=likes, ranker=ranker
    )
    assert recommended.groupby("user_id").size().tolist() == [15, 15]
    assert recommended["confidence"].between(0, 1).all()
    assert (recommended["reasons"] != "").all()


def test_a_listener_whose_tracks_were_not_measured_gets_tracks(world: World) -> None:
    likes = world.signal[world.signal["user_id"] == "fan1"].assign(user_id="ann")
    catalogue = world.catalogue.copy()
    catalogue.loc[catalogue["track_id"].isin(likes["track_id"]), MEASURED] = np.nan
    recommended = world.recommend("ann", catalogue=catalogue, signal=likes)
    assert len(recommended) == 15
    assert recommended["confidence"].between(0, 1).all()


def test_more_discovery_means_more_artists_that_the_listener_does_not_play(world: World) -> None:
    played = world.signal.loc[world.signal["user_id"] == "fan0", "artist_name"]
    new = []
    for setting in ("familiar", "balanced", "discover"):
        recommended = world.recommend("fan0", limits=DISCOVERY[setting])
        artists = recommended.merge(world.catalogue, on="track_id")["artist_name"]
        new.append(int((~artists.isin(played)).sum()))
    assert new == sorted(new)
    assert all(np.array(new) >= [limits.new_artists for limits in DISCOVERY.values()])
    assert new[-1] == 15


def test_the_error_names_a_missing_column_of_the_catalogue(world: World) -> None:
    without = world.catalogue.drop(columns="valence")
    with pytest.raises(ValueError, match=r"lacks the column.* valence"):
        world.recommend("fan0", catalogue=without)
    with pytest.raises(ValueError, match=r"lacks the column.* valence"):
        train_ranker(without, world.signal, worlds.AS_OF, earlier=world.ranker)
