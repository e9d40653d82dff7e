"""What the ranker is told of a listener and a candidate, worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from ml.interactions import Interactions
from ml.pairs import PAIR_FEATURES, pair_features
from ml.pool import Pool
from ml.tastes import taste_of_rows
from tests.ml import worlds


def told(pool: Pool, given: list[int], candidates: list[int]) -> pd.DataFrame:
    taste = taste_of_rows(pool.catalogue, np.array(given, dtype=np.int64))
    around = Interactions.of(pool, []).around(pool, taste)
    pairs = pair_features(pool, around, taste, np.array(candidates))
    return pd.DataFrame(pairs, columns=pd.Index(PAIR_FEATURES))


def test_how_much_of_an_artists_songs_the_listener_has_counts_versions_once() -> None:
    frame = worlds.catalogue(40).assign(artist_name="Ann")
    frame.loc[0:1, "track_name"] = ["Sun", "Sun - Live"]
    frame.loc[30:, "artist_name"] = "Bob"
    pool = worlds.placed(frame)
    pairs = told(pool, [2, 3], [0, 39])
    assert pairs["artist_owned"].tolist() == pytest.approx([2 / 29, 0])
    assert pairs["artist_songs"].tolist() == pytest.approx([np.log(29), np.log(10)])


def test_only_tracks_by_the_same_artist_say_how_close_a_track_is_to_them() -> None:
    frame = worlds.catalogue(40).assign(artist_name="Ann", release_year=2000.0)
    frame.loc[1, "release_year"] = 2010
    frame.loc[30:, "artist_name"] = "Bob"
    frame.loc[[2, 31], frame.columns[6:]] = frame.loc[0, frame.columns[6:]].to_numpy()
    pairs = told(worlds.placed(frame), [0, 1], [2, 31])
    assert pairs["artist_year"].tolist() == [1, 0]
    assert 0 < pairs["artist_years"][0] < 1
    assert pairs["artist_sound"].tolist() == pytest.approx([1, 0], abs=1e-3)
    assert pairs["sound_near_1"].tolist() == pytest.approx([0, 0], abs=1e-3)


def test_titles_of_the_same_letters_are_alike() -> None:
    frame = worlds.catalogue(40)
    frame.loc[[0, 1, 2], "track_name"] = ["Corazón mío", "Mi corazón", "Blue winter sky"]
    pairs = told(worlds.placed(frame), [0], [1, 2])
    assert pairs["titles_near_1"][0] > pairs["titles_near_1"][1]
    assert pairs["titles_near_1"].tolist() == pairs["titles_near_3"].tolist()
    assert pairs["titles_mean"].tolist() == pytest.approx(pairs["titles_near_1"].tolist())


def test_nothing_known_of_a_listener_is_no_gap_in_the_numbers() -> None:
    pairs = told(worlds.placed(worlds.catalogue(40)), [], [0, 1])
    assert pairs.notna().all(axis=None)
    assert not pairs[["artist_year", "artist_sound", "titles_mean"]].any(axis=None)
