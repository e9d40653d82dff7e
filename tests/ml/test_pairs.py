"""Pair features against values that were computed by hand."""

import numpy as np
import pandas as pd
import pytest

from ml.dataset.profiles import profile_of_rows
from ml.embedding.embedded_catalogue import EmbeddedCatalogue
from ml.pairs.features import PAIR_FEATURES, pair_features
from ml.pairs.habits import HABIT_FEATURES
from ml.pairs.peers import Interactions
from ml.pairs.same_artist import ARTIST_FEATURES
from ml.pairs.years import YEAR_FEATURES
from tests.ml import worlds


def pairs_of(
    embedded: EmbeddedCatalogue,
    given: list[int],
    candidates: list[int],
    others: tuple[list[int], ...] = (),
) -> pd.DataFrame:
    profile, *profiles = (
        profile_of_rows(embedded.catalogue, np.array(rows, dtype=np.int64))
        for rows in (given, *others)
    )
    neighbourhood = Interactions.of(embedded, profiles).neighbourhood(embedded, profile)
    pairs = pair_features(embedded, neighbourhood, profile, np.array(candidates))
    return pd.DataFrame(pairs, columns=pd.Index(PAIR_FEATURES))


def test_the_owned_share_of_an_artists_songs_counts_versions_once() -> None:
    frame = worlds.catalogue(40).assign(artist_name="Ann")
    frame.loc[0:1, "track_name"] = ["Sun", "Sun - Live"]
    frame.loc[30:, "artist_name"] = "Bob"
    embedded = worlds.embed(frame)
    pairs = pairs_of(embedded, [2, 3], [0, 39])
    assert pairs["artist_owned"].tolist() == pytest.approx([2 / 29, 0])
    assert pairs["songs_by_artist"].tolist() == pytest.approx([np.log(29), np.log(10)])


def test_closeness_to_an_artists_tracks_ignores_other_artists() -> None:
    frame = worlds.catalogue(40).assign(artist_name="Ann", release_year=2000.0)
    frame.loc[1, "release_year"] = 2010
    frame.loc[30:, "artist_name"] = "Bob"
    frame.loc[[2, 31], frame.columns[6:]] = frame.loc[0, frame.columns[6:]].to_numpy()
    pairs = pairs_of(worlds.embed(frame), [0, 1], [2, 31])
    assert pairs["artist_year"].tolist() == [1, 0]
    assert 0 < pairs["artist_years"][0] < 1
    assert pairs["artist_sound"].tolist() == pytest.approx([1, 0], abs=1e-3)
    assert pairs["sound_near_1"].tolist() == pytest.approx([0, 0], abs=1e-3)


def test_features_show_whether_a_listener_picks_known_or_rare_songs() -> None:
    frame = worlds.catalogue(40).assign(artist_name="Ann")
    frame.loc[30:, "artist_name"] = "Bob"
    pairs = pairs_of(worlds.embed(frame), [0, 2], [1, 3, 39], others=([0, 1], [1]))
    assert pairs["listener_known"].tolist() == [0.5] * 3
    assert pairs["artist_known"].tolist() == pytest.approx([1.5 / 3, 1.5 / 3, 0])
    assert pairs["artist_owned_alike"].tolist() == pytest.approx([1 / 2, 1 / 28, 0])
    assert pairs["artist_left"].tolist() == pytest.approx(np.log([2, 28, 11]))


def test_features_show_whether_a_listener_likes_few_artists_or_many() -> None:
    embedded = worlds.embed(
        worlds.catalogue(40).assign(artist_name=["Ann", "Bob", "Cat", "Dan"] * 10)
    )
    few, many = pairs_of(embedded, [0, 4, 8, 1], [2]), pairs_of(embedded, [0, 1, 2, 3], [4])
    assert few["listener_artists"][0] == pytest.approx(np.log(2 / 4))
    assert few["listener_favourite"][0] == pytest.approx(3 / 4)
    assert many["listener_artists"][0] == 0
    assert many["listener_favourite"][0] == pytest.approx(1 / 4)


def test_a_listener_of_two_decades_is_near_to_each_of_them() -> None:
    frame = worlds.catalogue(40).assign(release_year=1900)
    frame.loc[0:5, "release_year"] = [1970, 1971, 1978, 2010, 2010, 1974]
    pairs = pairs_of(worlds.embed(frame), [0, 1, 2, 3], [5, 4, 39])
    shares = np.exp(pairs[list(YEAR_FEATURES)]) - 0.5 / 4
    expected = [[0, 0, 0.25, 0.75], [0.25] * 4, [0] * 4]
    assert shares.to_numpy() == pytest.approx(np.array(expected), abs=1e-6)


def test_an_unknown_year_counts_as_the_average() -> None:
    frame = worlds.catalogue(40).assign(release_year=2000.0)
    frame.loc[0, "release_year"] = np.nan
    frame.loc[1, "release_year"] = 1950
    pairs = pairs_of(worlds.embed(frame), [2, 3], [0, 4, 1])
    assert pairs["year_within_1"].tolist() == pytest.approx(np.log([1.25, 1.25, 0.25]))


def test_titles_with_the_same_letters_are_similar() -> None:
    frame = worlds.catalogue(40)
    frame.loc[[0, 1, 2], "track_name"] = ["Corazón mío", "Mi corazón", "Blue winter sky"]
    pairs = pairs_of(worlds.embed(frame), [0], [1, 2])
    assert pairs["titles_near_1"][0] > pairs["titles_near_1"][1]
    assert pairs["titles_near_1"].tolist() == pairs["titles_near_3"].tolist()
    assert pairs["titles_mean"].tolist() == pytest.approx(pairs["titles_near_1"].tolist())


def test_a_listener_without_tracks_has_no_missing_values() -> None:
    pairs = pairs_of(worlds.embed(worlds.catalogue(40)), [], [0, 1])
    assert pairs.notna().all(axis=None)
    assert not pairs[[*ARTIST_FEATURES[4:], *HABIT_FEATURES, *YEAR_FEATURES, "titles_mean"]].any(
        axis=None
    )
