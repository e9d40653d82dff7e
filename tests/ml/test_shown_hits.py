"""The share of hits among shown tracks, computed by hand where everything is shown."""

import numpy as np
import pytest

from ml.arrays import Floats
from ml.dataset.profiles import profile_of_rows
from ml.pairs.peers import Interactions
from ml.training.examples import Listener
from ml.training.shown_hits import ExactIndex, shown_hits
from tests.ml import worlds


def equal_scores(pairs: Floats) -> Floats:
    return np.zeros(len(pairs))


def share_of_hits(count_tracks: int, *own: int) -> float | None:
    """Each number of `own` is a listener with the first N tracks; all artists differ."""
    frame = worlds.catalogue(count_tracks)
    embedded = worlds.embed(frame.assign(artist_name=frame["track_id"]))
    profiles = [profile_of_rows(embedded.catalogue, np.arange(count)) for count in own]
    listeners = [
        (Listener(profile.rows, number), equal_scores) for number, profile in enumerate(profiles)
    ]
    return shown_hits(
        embedded, Interactions.of(embedded, profiles), listeners, np.random.default_rng(1)
    )


def test_hidden_tracks_among_the_shown_ones_are_hits() -> None:
    """Of 10 tracks 8 are given: 2 hidden and 4 others are shown. Of 14: 3 hidden and no others."""
    assert share_of_hits(14, 10) == pytest.approx(2 / 6)
    assert share_of_hits(14, 14) == pytest.approx(1)
    assert share_of_hits(14, 10, 14) == pytest.approx((2 + 3) / (6 + 3))


def test_listeners_with_few_tracks_are_left_out() -> None:
    assert share_of_hits(14, 9) is None
    assert share_of_hits(14) is None


def test_an_exact_search_finds_the_nearest_first() -> None:
    index = ExactIndex(np.array([[0.0], [3.0], [1.0], [9.0]]))
    assert index.neighbours(np.array([2.6]), 3).tolist() == [1, 2, 0]
    assert index.neighbours(np.array([2.6]), 9).tolist() == [1, 2, 0, 3]
