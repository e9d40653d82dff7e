"""The metrics of each training: the ranker and the baselines that it has to beat."""

import json

import numpy as np
import pytest

from ml.pairs.features import PAIR_FEATURES
from ml.tables import EVALUATION
from ml.training.self_check import BASELINES, METHOD, evaluation, measure
from tests.ml.conftest import World


def test_every_training_compares_the_ranker_with_the_baselines(world: World) -> None:
    table = evaluation(world.ranker)
    assert table.schema == EVALUATION
    metrics = table.to_pandas().set_index(["method", "metric"])["value"]
    assert {method for method, _ in metrics.index} == {METHOD, *BASELINES, "random"}
    assert not table.to_pandas().duplicated(["model_id", "method", "metric"]).any()
    assert metrics.between(0, 1).all()
    for metric in ("ndcg", "auc"):
        assert metrics[METHOD, metric] > metrics["random", metric] + 0.1
    assert metrics["random", "auc"] == pytest.approx(0.5, abs=0.05)


def test_metrics_are_means_over_the_ranking_tasks() -> None:
    """Two tasks with one hidden track; the ranker puts the first on top and the second last."""
    liked = np.array([True, False, False, True, False])
    confidence = np.array([0.9, 0.1, 0.1, 0.1, 0.9])
    features = np.zeros((5, len(PAIR_FEATURES)))
    features[:, PAIR_FEATURES.index("artist_tracks")] = [1, 0, 0, 2, 0]
    metrics = measure(features, liked, confidence, seed=1)
    assert metrics[METHOD]["ndcg"] == pytest.approx((1 + 1 / np.log2(3)) / 2)
    assert metrics[METHOD]["auc"] == pytest.approx((1 + 0) / 2)
    assert metrics[METHOD]["hit_rate"] == 1
    assert metrics[METHOD]["share_high"] == pytest.approx((1 / 2 + 1 / 3) / 2)
    assert metrics["same artist"]["ndcg"] == 1
    assert metrics["same artist"]["auc"] == 1


def test_equal_scores_for_all_tracks_find_no_more_than_chance() -> None:
    liked = np.tile(np.arange(100) < 20, 50)
    metrics = measure(np.zeros((5_000, len(PAIR_FEATURES))), liked, np.full(5_000, 0.5), seed=1)
    for figures in metrics.values():
        assert figures["auc"] == pytest.approx(0.5, abs=0.05)
        assert figures["ndcg"] == pytest.approx(0.2, abs=0.05)


def test_with_only_one_label_there_are_no_metrics(world: World) -> None:
    features = np.zeros((3, len(PAIR_FEATURES)))
    assert measure(features, np.ones(3, dtype=bool), np.ones(3), seed=1) == {}
    assert evaluation(world.ranker.head(0)).num_rows == 0
    of_older_code = world.ranker.assign(metrics=json.dumps({"auc": 0.9}))
    assert evaluation(of_older_code).num_rows == 0
