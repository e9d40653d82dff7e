"""Metrics and intervals against values that were worked out by hand."""

import numpy as np
import pytest

from ml.evaluation.baselines import SAME_ARTIST, nearest
from ml.evaluation.evaluate_listener import CANDIDATES, Outcome
from ml.evaluation.hits import Shown, reliabilities
from ml.evaluation.plot import reliability_plot
from ml.evaluation.summary import summarise
from ml.metrics import Reliability, auc, diversity, ndcg, ranked_songs
from ml.pairs.features import ALL

HITS = np.array([True, False, True, False])


def test_ndcg_discounts_by_place_and_compares_with_the_best_list() -> None:
    best = 1 + 1 / np.log2(3) + 1 / 2
    assert ndcg(HITS, count_relevant=3) == pytest.approx((1 + 1 / 2) / best)
    assert ndcg(np.ones(20, dtype=bool), count_relevant=40) == pytest.approx(1)
    assert ndcg(np.arange(20) >= 15, count_relevant=5) == 0


def test_auc_counts_pairs_in_the_right_order() -> None:
    assert auc(HITS) == pytest.approx(3 / 4)
    assert np.isnan(auc(np.zeros(3, dtype=bool)))


def test_the_best_version_stands_for_its_song_and_ties_keep_their_order() -> None:
    scores, songs = np.array([0.1, 0.9, 0.5, 0.9, 0.5]), np.array([0, 1, 0, 1, 2])
    assert ranked_songs(scores, songs).tolist() == [1, 2, 4]


def test_diversity_is_the_mean_cosine_distance() -> None:
    vectors = np.array([[1.0, 0.0], [0.0, 3.0], [-2.0, 0.0]])
    assert diversity(vectors) == pytest.approx((1 + 2 + 1) / 3)
    assert np.isnan(diversity(vectors[:1]))


def test_nearness_is_the_mean_of_the_three_nearest() -> None:
    coordinates = np.array([[0.0], [1.0], [2.0], [3.0], [9.0]])
    assert nearest(coordinates, np.array([1, 2, 3, 4]), np.array([0])) == pytest.approx([-2])
    assert nearest(coordinates, np.array([4]), np.array([0])) == pytest.approx([-9])


def test_calibration_weighs_liked_and_other_songs_alike() -> None:
    pairs = Reliability.of_pairs(np.array([0.9, 0.2, 0.2]), np.array([True, False, False]))
    assert pairs.weight.sum() == pytest.approx(2)
    assert pairs.error() == pytest.approx((1 * 0.1 + 1 * 0.2) / 2)
    shown = Reliability.of_shown(np.array([0.5, 0.5, 1.0]), np.array([True, False, False]))
    assert shown.error() == pytest.approx((0 + 1) / 3)


def outcome(listener: str, row: str, ndcg: float, shown: list[int]) -> Outcome:
    pairs = Reliability.of_pairs(np.array([0.8, 0.8, 0.1]), np.array([True, False, False]))
    return Outcome(listener, row, {"ndcg": (ndcg, 1)}, np.array(shown), pairs)


def test_intervals_and_ratios_are_of_the_same_resampled_listeners() -> None:
    """Twice as good for each listener is twice as good in every resample."""
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


def test_nobody_is_told_chances_that_follow_from_their_own_hits() -> None:
    """One group has hits only, the other none: each is told what came of the other's lists."""
    scores = np.array([1.0, 2.0])
    lucky, unlucky = Shown(scores, np.ones(2, dtype=bool)), Shown(scores, np.zeros(2, dtype=bool))
    first, second = reliabilities([lucky, unlucky], [0, 1])
    assert (first.confidence.sum(), first.liked.sum()) == (0, 2)
    assert (second.confidence.sum(), second.liked.sum()) == (2, 0)


def test_the_higher_the_score_the_likelier_a_hit_as_it_came_true_for_others() -> None:
    rng = np.random.default_rng(5)
    lists = []
    for _ in range(400):
        scores = rng.normal(-1, 2, 15)
        lists.append(Shown(scores, rng.random(15) < 1 / (1 + np.exp(-scores))))
    told = Reliability.summed(reliabilities(lists, [i % 5 for i in range(400)]))
    assert told.error() < 0.02
    assert told.weight[told.confidence > 0].min() > 0


def test_nobody_judged_is_said() -> None:
    with pytest.raises(ValueError, match="nobody was judged"):
        summarise([], {}, count_songs=10, seed=3)


def test_the_plot_has_a_point_for_each_bin_that_holds_pairs() -> None:
    pairs = Reliability.of_pairs(np.array([0.8, 0.8, 0.1]), np.array([True, False, False]))
    drawn = reliability_plot(pairs, "two <bins> & more")
    assert drawn.count("<circle") == 2
    assert "two &lt;bins&gt; &amp; more" in drawn
