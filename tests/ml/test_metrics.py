"""Metrics of one list against values that were computed by hand."""

import numpy as np
import pytest

from ml.metrics import Reliability, auc, diversity, ndcg, ranked_songs

HITS = np.array([True, False, True, False])


def test_ndcg_discounts_by_rank_and_compares_with_the_best_list() -> None:
    best = 1 + 1 / np.log2(3) + 1 / 2
    assert ndcg(HITS, count_relevant=3) == pytest.approx((1 + 1 / 2) / best)
    assert ndcg(np.ones(20, dtype=bool), count_relevant=40) == pytest.approx(1)
    assert ndcg(np.arange(20) >= 15, count_relevant=5) == 0


def test_auc_counts_pairs_in_the_right_order() -> None:
    assert auc(HITS) == pytest.approx(3 / 4)
    assert np.isnan(auc(np.zeros(3, dtype=bool)))


def test_a_song_ranks_by_its_best_version_and_ties_keep_their_order() -> None:
    scores, songs = np.array([0.1, 0.9, 0.5, 0.9, 0.5]), np.array([0, 1, 0, 1, 2])
    assert ranked_songs(scores, songs).tolist() == [1, 2, 4]


def test_diversity_is_the_mean_cosine_distance() -> None:
    vectors = np.array([[1.0, 0.0], [0.0, 3.0], [-2.0, 0.0]])
    assert diversity(vectors) == pytest.approx((1 + 2 + 1) / 3)
    assert np.isnan(diversity(vectors[:1]))


def test_calibration_weighs_liked_and_other_songs_equally() -> None:
    pairs = Reliability.of_pairs(np.array([0.9, 0.2, 0.2]), np.array([True, False, False]))
    assert pairs.weight.sum() == pytest.approx(2)
    assert pairs.error() == pytest.approx((1 * 0.1 + 1 * 0.2) / 2)
    shown = Reliability.of_shown(np.array([0.5, 0.5, 1.0]), np.array([True, False, False]))
    assert shown.error() == pytest.approx((0 + 1) / 3)
