"""Train a ranker on what a catalogue and its listeners hold, and calibrate what it says."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import lightgbm as lgb
import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from ml.calibration import Calibration, expected_calibration_error, fit_calibration
from ml.catalogue import Catalogue
from ml.evaluation.training import measure
from ml.examples import Examples, examples, gather, pseudo
from ml.features import REQUIRED_COLUMNS
from ml.interactions import Interactions
from ml.pairs import ACOUSTIC, ACOUSTIC_YEAR, ALL, INPUTS, PAIR_FEATURES
from ml.pool import Pool, Spaces, learn_scale
from ml.ranker import SEED, THREADS, Ranker, is_of_this_code, raw_scores
from ml.tables import RANKER, naive_utc
from ml.tastes import tastes

SIZES = {  # few inputs are soon learned by heart
    ACOUSTIC: {"num_trees": 60, "num_leaves": 31},
    ACOUSTIC_YEAR: {"num_trees": 60, "num_leaves": 31},
    ALL: {"num_trees": 150, "num_leaves": 127},
}
FOLDS = 2  # of listeners, for the calibration
LEAST_GIVEN = 10  # tracks of a listener whose confidences count
LEAST_LISTENERS = 20  # of them, or all count
RETRAIN_AFTER = timedelta(days=7)
DRIFT = 0.05  # share by which the count of signals may move until then
PARAMETERS = {
    "objective": "binary",
    "learning_rate": 0.08,
    "feature_fraction": 0.5,
    "min_data_in_leaf": 100,
    "lambda_l2": 5.0,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": THREADS,
    "verbosity": -1,
}


@dataclass(frozen=True)
class Lessons:
    """A catalogue in its spaces, what its listeners have, and examples of what they like."""

    pool: Pool
    interactions: Interactions
    every: Examples
    count_listeners: int  # real ones


def train_ranker(
    catalogue: pd.DataFrame,
    signal: pd.DataFrame,
    as_of: datetime | None,
    seed: int = SEED,
    inputs: str = ALL,
    earlier: pd.DataFrame | None = None,
) -> pa.Table:
    """Train on the catalogue's pseudo-listeners and the real ones; one row of `ml_ranker`.

    The frames are `ml_catalogue_features` and `ml_listener_signal`, their rows in any order: the
    same rows give the same model text. `inputs` is one of INPUTS. No row comes back from an empty
    catalogue, before the first run, when there is no instant yet, or where one of the `earlier`
    rows of `ml_ranker` still serves: of this catalogue, less than a week old, and of signals that
    have not grown or shrunk by 5 % since.
    """
    if as_of is None or catalogue.empty or _still_serves(earlier, catalogue, signal, as_of):
        return RANKER.empty_table()
    lessons = prepare(catalogue, signal, seed)
    ranker, metrics = learn(lessons, inputs, seed)
    row = {
        "model_id": ranker.model_id,
        "trained_as_of": naive_utc(as_of),
        "model_text": ranker.booster.model_to_string(),
        "feature_names": json.dumps(INPUTS[inputs]),
        "parameters": json.dumps({**PARAMETERS, **SIZES[inputs]}),
        "spaces": ranker.spaces.to_json(),
        "calibration": ranker.calibration.to_json(),
        "metrics": json.dumps(metrics),
        "seed": seed,
        "signal_fingerprint": _fingerprint(signal, ["user_id", "track_id", "strength"]),
        "catalogue_fingerprint": _fingerprint(catalogue, [*REQUIRED_COLUMNS]),
        "count_signals": len(signal),
        "count_training_rows": len(lessons.every.liked),
    }
    return pa.Table.from_pylist([row], schema=RANKER)


def prepare(catalogue: pd.DataFrame, signal: pd.DataFrame, seed: int) -> Lessons:
    """What a ranker of whichever inputs learns from: see `train_ranker`."""
    tracks = Catalogue.from_frame(catalogue)
    rng = np.random.default_rng(seed)
    scale = learn_scale(tracks, seed)
    columns = scale.columns(tracks)
    known = list(tastes(tracks, signal).values())
    real = gather(known, rng)
    spaces = Spaces.learn(scale, tracks, columns, [listener.rows for listener in real])
    pool = Pool.place(tracks, spaces, columns)
    listeners = [*pseudo(tracks, columns, spaces, len(real), rng), *real]
    interactions = Interactions.of(pool, known)
    return Lessons(pool, interactions, examples(pool, interactions, listeners, rng), len(real))


def learn(lessons: Lessons, inputs: str, seed: int) -> tuple[Ranker, dict[str, Any]]:
    """A ranker that reads these inputs, and how it did in its training."""
    booster = _fit(lessons.every, inputs, seed)
    calibration, metrics = _calibrate(lessons.every, inputs, seed)
    model_id = hashlib.sha256(booster.model_to_string().encode()).hexdigest()[:16]
    metrics |= {"count_listeners": lessons.count_listeners}
    return Ranker(model_id, booster, lessons.pool.spaces, calibration), metrics


def _still_serves(
    earlier: pd.DataFrame | None, catalogue: pd.DataFrame, signal: pd.DataFrame, as_of: datetime
) -> bool:
    if earlier is None or earlier.empty:
        return False
    newest = earlier.sort_values("trained_as_of").iloc[-1]
    signals = newest["count_signals"]
    return bool(
        naive_utc(as_of) - newest["trained_as_of"] < RETRAIN_AFTER
        and abs(len(signal) - signals) <= DRIFT * signals
        and _fingerprint(catalogue, [*REQUIRED_COLUMNS]) == newest["catalogue_fingerprint"]
        and is_of_this_code(newest)
    )


def _fit(train: Examples, inputs: str, seed: int, kept: np.ndarray | None = None) -> lgb.Booster:
    rows = slice(None) if kept is None else kept
    names = INPUTS[inputs]
    columns = [PAIR_FEATURES.index(name) for name in names]
    data = lgb.Dataset(
        train.features[rows][:, columns], train.liked[rows], feature_name=list(names)
    )
    return lgb.train({**PARAMETERS, **SIZES[inputs], "seed": seed}, data)


def _calibrate(every: Examples, inputs: str, seed: int) -> tuple[Calibration, dict[str, Any]]:
    """Calibrate on scores by models that have not seen the listener.

    The error is that of a curve through one half of the listeners, on the other half.
    """
    fold = every.listeners % FOLDS
    scores = np.zeros(len(fold))
    for number in np.unique(fold):
        unseen = fold == number
        if not unseen.all():
            model = _fit(every, inputs, seed, ~unseen)
            scores[unseen] = raw_scores(model, every.features[unseen])
    drawn = _like_those_who_are_shown_it(every)
    curve = fit_calibration(scores[drawn], every.liked[drawn])
    measured = measure(every.features, every.liked, curve.confidence(scores), seed)
    scores, liked, half = (
        scores[drawn],
        every.liked[drawn],
        every.listeners[drawn] // FOLDS % 2 == 0,
    )
    if any(part.all() or not part.any() for part in (liked[half], liked[~half])):
        return curve, {"auc": None, "calibration_error": None, "evaluation": measured}
    confidence = fit_calibration(scores[half], liked[half]).confidence(scores[~half])
    return curve, {
        "auc": float(roc_auc_score(liked, scores)),
        "calibration_error": expected_calibration_error(confidence, liked[~half]),
        "evaluation": measured,
    }


def _like_those_who_are_shown_it(every: Examples) -> NDArray[np.bool_]:
    """The examples of real listeners of whom something is known or, of few listeners, all.

    Made-up listeners and hardly known ones score lower, and would make low scores too confident.
    """
    real = every.given >= LEAST_GIVEN
    enough = len(np.unique(every.listeners[real])) >= LEAST_LISTENERS
    return real if enough else np.ones(len(real), dtype=bool)


def _fingerprint(frame: pd.DataFrame, columns: list[str]) -> str:
    """A digest of the rows in any order."""
    return f"{pd.util.hash_pandas_object(frame[columns], index=False).sum():016x}"
