"""Train a ranker on a catalogue and its listeners, and calibrate its scores."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import lightgbm as lgb
import numpy as np
import pandas as pd
import pyarrow as pa
from sklearn.metrics import roc_auc_score

from ml.arrays import Bools, Floats
from ml.dataset.catalogue import Catalogue
from ml.dataset.features import REQUIRED_COLUMNS, require_columns
from ml.dataset.profiles import listener_profiles
from ml.embedding.embedded_catalogue import EmbeddedCatalogue, Spaces, learn_scale
from ml.pairs.features import ACOUSTIC, ACOUSTIC_YEAR, ALL, INPUTS, PAIR_FEATURES
from ml.pairs.peers import Interactions
from ml.ranking.calibration import Calibration, expected_calibration_error, fit_calibration
from ml.ranking.ranker import SEED, THREADS, Ranker, is_compatible, newest, raw_scores
from ml.tables import RANKER, naive_utc
from ml.training.drift import changed_share, sketch
from ml.training.examples import (
    Examples,
    Listener,
    build_examples,
    generate_synthetic,
    real_listeners,
)
from ml.training.self_check import METHOD, measure
from ml.training.shown_hits import shown_hits
from ml.training.synthetic_listeners import albums

SIZES = {  # trees, and most leaves of each: with few inputs, more would overfit
    ACOUSTIC: (60, 31),
    ACOUSTIC_YEAR: (60, 31),
    ALL: (150, 127),
}
MIN_LEAVES = 31
LEAF_EXAMPLES = 1_500  # examples per leaf of a tree, within the bounds of its leaves
FOLDS = 2  # of listeners, for the calibration
FITS_AT_A_TIME = 2  # one thread each; every fit holds a copy of its examples
MIN_GIVEN = 10  # tracks of a listener who counts for the calibration
MIN_LISTENERS = 20  # who count; with fewer, all listeners count
RETRAIN_AFTER = timedelta(days=7)
DRIFT = 0.05  # share of the signals, and of the catalogue, that may change before that
SIGNAL_COLUMNS = ["user_id", "track_id"]
CATALOGUE_COLUMNS = [name for name in REQUIRED_COLUMNS if name != "isrc"]  # no input
PARAMETERS = {
    "objective": "binary",
    "learning_rate": 0.08,
    "feature_fraction": 0.5,
    "min_data_in_leaf": 100,
    "lambda_l2": 5.0,
    "max_depth": 8,  # for speed: contributions take twice as long with deeper trees
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": THREADS,
    "verbosity": -1,
}


@dataclass(frozen=True)
class TrainingSet:
    """An embedded catalogue, what its listeners have, and examples of what they like."""

    embedded: EmbeddedCatalogue
    interactions: Interactions
    listeners: list[Listener]
    knows_listeners: bool
    count_albums: int | None  # None: at least one track has no album
    examples: Examples


@dataclass(frozen=True)
class TrainedModel:
    """A ranker, its training metrics, and the boosters of the cross-validation.

    `fold_boosters[i]` was not trained on the listeners at the positions i, i + FOLDS, and so on.
    """

    ranker: Ranker
    metrics: dict[str, Any]
    fold_boosters: dict[int, lgb.Booster]


def train_ranker(
    catalogue: pd.DataFrame,
    signal: pd.DataFrame,
    as_of: datetime | None,
    seed: int = SEED,
    inputs: str = ALL,
    earlier: pd.DataFrame | None = None,
) -> pa.Table:
    """Train on the catalogue's synthetic listeners and on the real ones.

    The same rows in any order give the same model text.

    Args:
        catalogue: The columns of `ml_catalogue_features`.
        signal: The columns of `ml_listener_signal`; no rows: train on synthetic listeners alone.
        as_of: The instant of the run; UTC if naive; None before the first run.
        seed: Of all random draws.
        inputs: One of INPUTS.
        earlier: The rows of `ml_ranker` so far. The latest until `as_of` is kept if it is less than
            a week old and this code can read it. Also, at most 5 % of the signal and of the
            catalogue may have changed since.

    Returns:
        One row of `ml_ranker`; no row if an earlier ranker is kept, if the catalogue is empty, or
        before the first run.

    Raises:
        ValueError: The catalogue lacks a column or has a track_id twice.
    """
    require_columns(catalogue)
    if as_of is None or catalogue.empty or _can_be_reused(earlier, catalogue, signal, as_of):
        return RANKER.empty_table()
    training_set = build_training_set(catalogue, signal, seed)
    trained = fit_model(training_set, inputs, seed)
    ranker, metrics = trained.ranker, trained.metrics
    metrics["count_albums"] = training_set.count_albums
    metrics["count_listeners"] = sum(each.number is not None for each in training_set.listeners)
    hits = _shown_hits(training_set, trained, seed)
    if hits is not None:
        metrics["evaluation"].setdefault(METHOD, {})["shown_hits"] = hits
    row = {
        "model_id": ranker.model_id,
        "trained_as_of": naive_utc(as_of),
        "model_text": ranker.booster.model_to_string(),
        "feature_names": json.dumps(INPUTS[inputs]),
        "parameters": json.dumps(parameters(inputs, len(training_set.examples.liked))),
        "spaces": ranker.spaces.to_json(),
        "calibration": ranker.calibration.to_json(),
        "metrics": json.dumps(metrics),
        "seed": seed,
        "signal_fingerprint": sketch(signal, SIGNAL_COLUMNS),
        "catalogue_fingerprint": sketch(catalogue, CATALOGUE_COLUMNS),
        "count_signals": len(signal),
        "count_training_rows": len(training_set.examples.liked),
    }
    return pa.Table.from_pylist([row], schema=RANKER)


def build_training_set(catalogue: pd.DataFrame, signal: pd.DataFrame, seed: int) -> TrainingSet:
    """Build what rankers of all inputs learn from.

    Args:
        catalogue: The columns of `ml_catalogue_features`; rows in any order.
        signal: The columns of `ml_listener_signal`; rows in any order.
        seed: Of all random draws.

    Raises:
        ValueError: The catalogue lacks a column or has a track_id twice.
    """
    tracks = Catalogue.from_frame(catalogue)
    rng = np.random.default_rng(seed)
    scale = learn_scale(tracks, seed)
    columns = scale.track_matrix(tracks)
    known = list(listener_profiles(tracks, signal).values())
    real = real_listeners(known, rng)
    spaces = Spaces.learn(scale, tracks, columns, [listener.rows for listener in real])
    embedded = EmbeddedCatalogue.embed(tracks, spaces, columns)
    by_album = albums(catalogue, tracks)
    listeners = [*generate_synthetic(tracks, by_album, columns, spaces, len(real), rng), *real]
    interactions = Interactions.of(embedded, known)
    examples = build_examples(embedded, interactions, listeners, rng)
    count_albums = None if by_album is None else len(by_album.sizes)
    return TrainingSet(embedded, interactions, listeners, len(known) > 0, count_albums, examples)


def fit_model(training_set: TrainingSet, inputs: str, seed: int) -> TrainedModel:
    """Fit and calibrate a ranker.

    Args:
        training_set: What it learns from.
        inputs: One of INPUTS.
        seed: Of LightGBM, and of the metrics' random draws.
    """
    examples = training_set.examples
    fold, scores = examples.listeners % FOLDS, np.zeros(len(examples.liked))
    folds = [int(number) for number in np.unique(fold) if (fold != number).any()]
    kept = [None, *(fold != number for number in folds)]
    with ThreadPoolExecutor(FITS_AT_A_TIME) as threads:  # LightGBM works without Python's lock
        booster, *others = threads.map(partial(_fit, examples, inputs, seed), kept)
    fold_boosters = dict(zip(folds, others, strict=True))
    for number, fold_booster in fold_boosters.items():
        own = fold == number
        scores[own] = raw_scores(fold_booster, examples.features[own])
    calibration, metrics = _calibrate(examples, scores, seed)
    model_id = hashlib.sha256(booster.model_to_string().encode()).hexdigest()[:16]
    return TrainedModel(
        Ranker(
            model_id,
            booster,
            training_set.embedded.spaces,
            calibration,
            training_set.knows_listeners,
        ),
        metrics,
        fold_boosters,
    )


def _shown_hits(training_set: TrainingSet, trained: TrainedModel, seed: int) -> float | None:
    """Each real listener is scored by a model not trained on them: see `ml.training.shown_hits`."""
    eligible = [
        (listener, partial(raw_scores, trained.fold_boosters[position % FOLDS]))
        for position, listener in enumerate(training_set.listeners)
        if listener.number is not None and position % FOLDS in trained.fold_boosters
    ]
    rng = np.random.default_rng(seed)
    return shown_hits(training_set.embedded, training_set.interactions, eligible, rng)


def _can_be_reused(
    earlier: pd.DataFrame | None, catalogue: pd.DataFrame, signal: pd.DataFrame, as_of: datetime
) -> bool:
    last = None if earlier is None else newest(earlier, as_of)
    if last is None:
        return False
    return bool(
        naive_utc(as_of) - last["trained_as_of"] < RETRAIN_AFTER
        and changed_share(last["signal_fingerprint"], sketch(signal, SIGNAL_COLUMNS)) <= DRIFT
        and changed_share(last["catalogue_fingerprint"], sketch(catalogue, CATALOGUE_COLUMNS))
        <= DRIFT
        and is_compatible(last)
    )


def _fit(train: Examples, inputs: str, seed: int, kept: np.ndarray | None = None) -> lgb.Booster:
    rows = slice(None) if kept is None else kept
    names = INPUTS[inputs]
    columns = [PAIR_FEATURES.index(name) for name in names]
    data = lgb.Dataset(
        train.features[rows][:, columns], train.liked[rows], feature_name=list(names)
    )
    return lgb.train({**parameters(inputs, len(train.liked[rows])), "seed": seed}, data)


def parameters(inputs: str, count_examples: int) -> dict[str, Any]:
    """LightGBM's parameters: the more examples, the larger the trees."""
    trees, most = SIZES[inputs]
    leaves = int(np.clip(count_examples // LEAF_EXAMPLES, MIN_LEAVES, most))
    return {**PARAMETERS, "num_trees": trees, "num_leaves": leaves}


def _calibrate(examples: Examples, scores: Floats, seed: int) -> tuple[Calibration, dict[str, Any]]:
    """Calibrate on scores by models that were not trained on the listener.

    The error is measured on one half of the listeners, for a curve fitted on the other half.
    """
    used = _calibration_examples(examples)
    curve = fit_calibration(scores[used], examples.liked[used])
    measured = measure(examples.features, examples.liked, curve.confidence(scores), seed)
    scores, liked, half = (
        scores[used],
        examples.liked[used],
        examples.listeners[used] // FOLDS % 2 == 0,
    )
    if any(part.all() or not part.any() for part in (liked[half], liked[~half])):
        return curve, {"auc": None, "calibration_error": None, "evaluation": measured}
    confidence = fit_calibration(scores[half], liked[half]).confidence(scores[~half])
    return curve, {
        "auc": float(roc_auc_score(liked, scores)),
        "calibration_error": expected_calibration_error(confidence, liked[~half]),
        "evaluation": measured,
    }


def _calibration_examples(examples: Examples) -> Bools:
    """Which examples calibrate: those of real listeners with MIN_GIVEN tracks, or all if too few.

    Synthetic listeners and those with few tracks have lower scores, and would make the confidence
    of low scores too high.
    """
    real = examples.given >= MIN_GIVEN
    enough = len(np.unique(examples.listeners[real])) >= MIN_LISTENERS
    return real if enough else np.ones(len(real), dtype=bool)
