"""The ranker: LightGBM on pairs of listener and track, kept as text with all it needs to score."""

import json
from dataclasses import dataclass
from datetime import datetime

import lightgbm as lgb
import numpy as np
import pandas as pd

from ml.arrays import Floats
from ml.embedding.embedded_catalogue import Spaces
from ml.pairs.features import PAIR_FEATURES
from ml.ranking.calibration import Calibration
from ml.tables import naive_utc

SEED = 15
THREADS = 1  # two are hardly faster, and many times slower where something else keeps a core busy


@dataclass(frozen=True)
class Ranker:
    """A trained model with the spaces that its features are measured in."""

    model_id: str
    booster: lgb.Booster
    spaces: Spaces
    calibration: Calibration
    knows_listeners: bool  # or it learned from the catalogue alone

    def scores(self, pairs: Floats) -> Floats:
        """Log odds for rows of pair features."""
        return raw_scores(self.booster, pairs)

    def contributions(self, pairs: Floats) -> Floats:
        """How much each pair feature adds to each row's log odds: (rows, pair features)."""
        shares = np.zeros((len(pairs), len(PAIR_FEATURES)))
        if len(pairs):
            contributions = self.booster.predict(
                _read(self.booster, pairs), pred_contrib=True, num_threads=THREADS
            )
            shares[:, _columns(self.booster)] = np.asarray(contributions)[
                :, :-1
            ]  # the last: the average
        return shares


def newest(table: pd.DataFrame, as_of: datetime | None = None) -> pd.Series | None:
    """The row of `ml_ranker` that was trained last, at the instant or before; None without one."""
    if as_of is not None:
        table = table[table["trained_as_of"] <= naive_utc(as_of)]
    return None if table.empty else table.sort_values("trained_as_of").iloc[-1]


def read_ranker(table: pd.DataFrame, as_of: datetime | None = None) -> Ranker | None:
    """The newest ranker of `ml_ranker`, at the instant or before; None without one.

    Raises ValueError when it was trained on features that this code does not compute.
    """
    row = newest(table, as_of)
    if row is None:
        return None
    if not is_compatible(row):
        raise ValueError("the ranker was trained on other features: train it again")
    return Ranker(
        model_id=row["model_id"],
        booster=lgb.Booster(model_str=row["model_text"]),
        spaces=Spaces.from_json(row["spaces"]),
        calibration=Calibration.from_json(row["calibration"]),
        knows_listeners=bool(row["count_signals"]),
    )


def is_compatible(row: pd.Series) -> bool:
    """Whether a row of `ml_ranker` reads no other features than those that are computed here."""
    known = {*json.loads(row["feature_names"])} <= {*PAIR_FEATURES}
    return known and Spaces.are_compatible(row["spaces"])


def _columns(booster: lgb.Booster) -> list[int]:
    return [PAIR_FEATURES.index(name) for name in booster.feature_name()]


def _read(booster: lgb.Booster, pairs: Floats) -> Floats:
    columns = _columns(booster)
    return pairs if len(columns) == pairs.shape[1] else pairs[:, columns]


def raw_scores(booster: lgb.Booster, pairs: Floats) -> Floats:
    """Log odds for rows of pair features, of which the booster reads those that it knows."""
    if not len(pairs):
        return np.empty(0)
    scores = booster.predict(_read(booster, pairs), raw_score=True, num_threads=THREADS)
    return np.asarray(scores)
