"""The evaluation's baselines, intervals, predicted hits and plot, computed by hand."""

import numpy as np
import pytest

from ml.evaluation.baselines import SAME_ARTIST, nearest
from ml.evaluation.evaluate_listener import CANDIDATES, Outcome
from ml.evaluation.hits import Shown, reliabilities
from ml.evaluation.plot import reliability_plot
from ml.evaluation.summary import summarise
from ml.metrics import Reliability
from ml.pairs.features import ALL


def test_nearness_is_the_mean_of_the_three_nearest() -> None:
    coordinates = np.array([[0.0], [1.0], [2.0], [3.0], [9.0]])
    assert nearest(coordinates, np.array([1, 2, 3, 4]), np.array([0])) == pytest.approx([-2])
    assert nearest(coordinates, np.array([4]), np.array([0])) == pytest.approx([-9])


def outcome(listener: str, row: str, ndcg: float, shown: list[int]) -> Outcome:
    pairs = Reliability.of_pairs(np.array([0.8, 0.8, 0.1]), np.array([True, False, False]))
    return Outcome(listener, row, {"ndcg": (ndcg, 1)}, np.array(shown), pairs)


def test_intervals_and_ratios_are_of_the_same_resampled_listeners() -> None:
    """A ratio of two for each listener is a ratio of two in every resample."""
    ndcgs = [0.1, 0.3, 0.5, 0.7]
    table = summarise(
        [
            outcome(f"l{i}", row, factor * value, [i, i + 1])
            for row, factor in ((SAME_ARTIST, 0.5), (CANDIDATES, 1), (ALL, 1))
            for i, value in enumerate(ndcgs)
        ],
        groups={f"l{i}": i % 2 for i in range(len(ndcgs))},
        count_songs=10,
        seed=3,
    )
    metrics = table[ALL]
    assert metrics["ndcg"].value == pytest.approx(0.4)
    assert 0.1 <= metrics["ndcg"].low < 0.25
    assert 0.55 < metrics["ndcg"].high <= 0.7
    assert table[f"{ALL} ÷ {SAME_ARTIST}"]["ndcg"] == pytest.approx((2, 2, 2))
    assert metrics["coverage"].value == pytest.approx(5 / 10)
    assert metrics["coverage"].low <= 5 / 10 <= metrics["coverage"].high
    assert metrics["share_high"].value == pytest.approx(3 / 4)
    assert metrics["liked_high"].value == pytest.approx(2 / 3)


def test_predicted_hits_do_not_depend_on_the_own_hits() -> None:
    """One group has only hits, the other none: each gets the other group's share as prediction."""
    scores = np.array([1.0, 2.0])
    lucky, unlucky = Shown(scores, np.ones(2, dtype=bool)), Shown(scores, np.zeros(2, dtype=bool))
    first, second = reliabilities([lucky, unlucky], [0, 1])
    assert (first.confidence.sum(), first.liked.sum()) == (0, 2)
    assert (second.confidence.sum(), second.liked.sum()) == (2, 0)


def test_hits_are_predicted_from_scores_as_others_had_them() -> None:
    rng = np.random.default_rng(5)
    lists = []
    for _ in range(400):
        scores = rng.normal(-1, 2, 15)
        lists.append(Shown(scores, rng.random(15) < 1 / (1 + np.exp(-scores))))
    reliability = Reliability.summed(reliabilities(lists, [i % 5 for i in range(400)]))
    assert reliability.error() < 0.02
    assert reliability.weight[reliability.confidence > 0].min() > 0


def test_no_listeners_are_an_error() -> None:
    with pytest.raises(ValueError, match="no listener was evaluated"):
        summarise([], {}, count_songs=10, seed=3)


def test_the_plot_has_a_point_for_each_bin_that_holds_pairs() -> None:
    pairs = Reliability.of_pairs(np.array([0.8, 0.8, 0.1]), np.array([True, False, False]))
    drawn = reliability_plot(pairs, "two <bins> & more")
    assert drawn.count("<circle") == 2
    assert "two &lt;bins&gt; &amp; more" in drawn
