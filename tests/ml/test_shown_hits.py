"""How many of the shown tracks were hidden: worked out by hand where everything is shown."""

import numpy as np
import pytest

from ml.arrays import Floats
from ml.dataset.profiles import profile_of_rows
from ml.pairs.peers import Interactions
from ml.training.examples import Listener
from ml.training.shown_hits import ExactIndex, shown_hits
from tests.ml import worlds


def alike(pairs: Floats) -> Floats:
    return np.zeros(len(pairs))


def share_of_hits(count_tracks: int, *own: int) -> float | None:
    """Each number of `own` is a listener's first so many tracks; all artists differ."""
    frame = worlds.catalogue(count_tracks)
    embedded = worlds.embed(frame.assign(artist_name=frame["track_id"]))
    profiles = [profile_of_rows(embedded.catalogue, np.arange(count)) for count in own]
    asked = [(Listener(profile.rows, number), alike) for number, profile in enumerate(profiles)]
    return shown_hits(
        embedded, Interactions.of(embedded, profiles), asked, np.random.default_rng(1)
    )


def test_the_hidden_fifth_of_what_is_shown_counts() -> None:
    """8 of 10 tracks are given; 2 hidden and 4 other ones are left to show, or 3 and 0 of 14."""
    assert share_of_hits(14, 10) == pytest.approx(2 / 6)
    assert share_of_hits(14, 14) == pytest.approx(1)
    assert share_of_hits(14, 10, 14) == pytest.approx((2 + 3) / (6 + 3))


def test_listeners_with_few_tracks_say_nothing() -> None:
    assert share_of_hits(14, 9) is None
    assert share_of_hits(14) is None


def test_an_exact_search_finds_the_nearest_first() -> None:
    index = ExactIndex(np.array([[0.0], [3.0], [1.0], [9.0]]))
    assert index.neighbours(np.array([2.6]), 3).tolist() == [1, 2, 0]
    assert index.neighbours(np.array([2.6]), 9).tolist() == [1, 2, 0, 3]
