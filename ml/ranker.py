"""The ranker: LightGBM on pairs of listener and track, kept as text with all it needs to score."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

import lightgbm as lgb
import numpy as np
import pandas as pd
import pyarrow as pa
from sklearn.metrics import roc_auc_score

from ml.calibration import Calibration, expected_calibration_error, fit_calibration
from ml.catalogue import Catalogue, Pool
from ml.pairs import PAIR_FEATURES
from ml.space import Matrix, Space, learn_space
from ml.tables import RANKER, naive_utc
from ml.training import Examples, examples, gather

SEED = 15
TREES = 150
THREADS = 1  # two are hardly faster, and many times slower where something else keeps a core busy
PARAMETERS = {
    "objective": "binary",
    "num_leaves": 31,
    "learning_rate": 0.08,
    "feature_fraction": 0.5,
    "min_data_in_leaf": 60,
    "lambda_l2": 5.0,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": THREADS,
    "verbosity": -1,
}


@dataclass(frozen=True)
class Ranker:
    """A trained model with the space that its features are measured in."""

    model_id: str
    booster: lgb.Booster
    space: Space
    calibration: Calibration

    def scores(self, pairs: Matrix) -> Matrix:
        """Log odds for rows of pair features."""
        return _raw_scores(self.booster, pairs)

    def contributions(self, pairs: Matrix) -> Matrix:
        """How much each pair feature adds to each row's log odds: (rows, pair features)."""
        if not len(pairs):
            return np.empty((0, len(PAIR_FEATURES)))
        shares = self.booster.predict(pairs, pred_contrib=True, num_threads=THREADS)
        return np.asarray(shares)[:, :-1]  # the last is the model's average


def train_ranker(
    catalogue: pd.DataFrame, signal: pd.DataFrame, as_of: datetime | None, seed: int = SEED
) -> pa.Table:
    """Train on the catalogue's pseudo-listeners and the real ones; one row of `ml_ranker`.

    The frames are `ml_catalogue_features` and `ml_listener_signal`, their rows in any order: the
    same rows give the same model text. No row comes back from an empty catalogue or before the
    first run, when there is no instant yet.
    """
    tracks = Catalogue.from_frame(catalogue)
    if not len(tracks) or as_of is None:
        return RANKER.empty_table()
    space = learn_space(tracks.features, tracks.artists)
    pool = Pool.place(tracks, space)
    rng = np.random.default_rng(seed)
    listeners = gather(pool, signal, rng)
    train = examples(pool, space, listeners.train, rng)
    booster = _fit(train, seed)
    unseen = [examples(pool, space, listeners.held_out[half::2], rng) for half in (0, 1)]
    calibration, metrics = _calibrate(booster, unseen)
    metrics |= {
        "count_listeners": listeners.count_real,
        "count_held_out_listeners": len(listeners.held_out),
    }
    text = booster.model_to_string()
    row = {
        "model_id": hashlib.sha256(text.encode()).hexdigest()[:16],
        "trained_as_of": naive_utc(as_of),
        "model_text": text,
        "feature_names": json.dumps(PAIR_FEATURES),
        "parameters": json.dumps({**PARAMETERS, "trees": TREES}),
        "space": space.to_json(),
        "calibration": calibration.to_json(),
        "metrics": json.dumps(metrics),
        "seed": seed,
        "data_fingerprint": _fingerprint(tracks, signal),
        "count_training_rows": len(train.liked),
    }
    return pa.Table.from_pylist([row], schema=RANKER)


def read_ranker(table: pd.DataFrame) -> Ranker | None:
    """The newest ranker of `ml_ranker`, None without one.

    Raises ValueError when it was trained on other features than this code computes.
    """
    if table.empty:
        return None
    row = table.sort_values("trained_as_of").iloc[-1]
    if tuple(json.loads(row["feature_names"])) != PAIR_FEATURES:
        raise ValueError("the ranker was trained on other features: train it again")
    return Ranker(
        model_id=row["model_id"],
        booster=lgb.Booster(model_str=row["model_text"]),
        space=Space.from_json(row["space"]),
        calibration=Calibration.from_json(row["calibration"]),
    )


def _fit(train: Examples, seed: int) -> lgb.Booster:
    data = lgb.Dataset(train.features, train.liked, feature_name=list(PAIR_FEATURES))
    return lgb.train({**PARAMETERS, "seed": seed}, data, num_boost_round=TREES)


def _raw_scores(booster: lgb.Booster, pairs: Matrix) -> Matrix:
    if not len(pairs):
        return np.empty(0)
    return np.asarray(booster.predict(pairs, raw_score=True, num_threads=THREADS))


def _calibrate(
    booster: lgb.Booster, halves: list[Examples]
) -> tuple[Calibration, dict[str, float | None]]:
    """Calibrate on unseen listeners, and measure the curve of one half of them on the other."""
    scores = [_raw_scores(booster, half.features) for half in halves]
    liked = [half.liked for half in halves]
    curve = fit_calibration(np.concatenate(scores), np.concatenate(liked))
    if any(half.all() or not half.any() for half in liked):
        return curve, {"auc": None, "calibration_error": None}
    other = fit_calibration(scores[0], liked[0]).confidence(scores[1])
    auc = roc_auc_score(np.concatenate(liked), np.concatenate(scores))
    return curve, {
        "auc": float(auc),
        "calibration_error": expected_calibration_error(other, liked[1]),
    }


def _fingerprint(tracks: Catalogue, signal: pd.DataFrame) -> str:
    """A hash of what was trained on: ids, features, and who likes what."""
    columns = ["user_id", "track_id", "strength"]
    touched = signal[columns].sort_values(columns[:2]).to_csv(index=False)
    content = "\n".join(tracks.track_ids).encode() + tracks.features.tobytes() + touched.encode()
    return hashlib.sha256(content).hexdigest()[:16]
