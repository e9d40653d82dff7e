"""Metrics of a ranker and of baselines on its training examples: cheap enough for each training."""

import json
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from ml.arrays import Bools, Floats, Ids
from ml.embedding.embedded_catalogue import SOUND, STYLE
from ml.metrics import HIGH, TOP, Reliability, auc, ndcg
from ml.pairs.features import PAIR_FEATURES
from ml.tables import EVALUATION

METHOD = "ranker"
BASELINES: dict[str, dict[str, float]] = {  # each a weighted sum of pair features
    "same artist": {"artist_tracks": 1, f"{STYLE}_near_3": -1e-3},  # ties by nearness
    "nearest neighbours": {f"{STYLE}_near_3": -1},
    "nearest neighbours, acoustic only": {f"{SOUND}_near_3": -1},
    "centroid": {f"{STYLE}_centre": -1},
}
Figures = dict[str, dict[str, float]]


def measure(features: Floats, liked: Bools, confidence: Floats, seed: int) -> Figures:
    """Compare the ranker with the baselines.

    Each part of `ml.training.examples` is a ranking task: find the hidden tracks among random ones.

    Args:
        features: (examples, PAIR_FEATURES), task by task, in each the hidden tracks first.
        liked: (examples,), true for hidden tracks.
        confidence: (examples,), each from a model that was not trained on the listener.
        seed: Orders ties, and draws the scores of the random baseline.

    Returns:
        By method and metric, means over the tasks; empty without examples of both labels.
    """
    if liked.all() or not liked.any():
        return {}
    starts = np.flatnonzero(liked & ~np.append(False, liked[:-1]))
    tasks = np.split(np.arange(len(liked)), starts[1:])
    rng = np.random.default_rng(seed)
    ties = rng.random(len(liked))  # in their own order, equal scores would put hidden tracks first
    scores = {
        METHOD: confidence,
        **{name: _weighted_sum(features, factors) for name, factors in BASELINES.items()},
        "random": rng.random(len(liked)),
    }
    found = {name: _ranking(of_method, ties, liked, tasks) for name, of_method in scores.items()}
    found[METHOD] |= _calibration(Reliability.of_pairs(confidence, liked))
    return found


def evaluation(rankers: pd.DataFrame) -> pa.Table:
    """Lay out the stored metrics of each training.

    Args:
        rankers: The rows of `ml_ranker`.

    Returns:
        The rows of `ml_evaluation`: one per ranker, method and metric.
    """
    rows = [
        {
            "model_id": ranker["model_id"],
            "trained_as_of": ranker["trained_as_of"],
            "method": method,
            "metric": metric,
            "value": value,
        }
        for ranker in rankers.to_dict("records")
        for method, metrics in json.loads(ranker["metrics"]).get("evaluation", {}).items()
        for metric, value in metrics.items()
    ]
    return pa.Table.from_pylist(rows, EVALUATION)


def _weighted_sum(features: Floats, factors: dict[str, float]) -> Floats:
    columns = [PAIR_FEATURES.index(name) for name in factors]
    score: Floats = features[:, columns].astype(float) @ np.array(list(factors.values()))
    return score


def _ranking(scores: Floats, ties: Floats, liked: Bools, tasks: Sequence[Ids]) -> dict[str, float]:
    metrics = []
    for rows in tasks:
        hits = liked[rows][np.lexsort((ties[rows], -scores[rows]))]
        found = hits[:TOP].sum()
        metrics.append((ndcg(hits, hits.sum()), found / hits.sum(), found > 0, auc(hits)))
    means = np.nanmean(np.array(metrics, dtype=float), axis=0)
    return dict(zip(("ndcg", "recall", "hit_rate", "auc"), means.tolist(), strict=True))


def _calibration(pairs: Reliability) -> dict[str, float]:
    above = slice(round(HIGH * len(pairs.weight)), None)
    high = pairs.weight[above].sum()
    figures = {
        "calibration_error": float(pairs.error()),
        "share_high": float(high / pairs.weight.sum()),
    }
    return figures | ({"liked_high": float(pairs.liked[above].sum() / high)} if high else {})
