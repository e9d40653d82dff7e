"""The ranker: LightGBM on pair features, stored as text with all that scoring needs."""

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
THREADS = 1  # two are hardly faster, and many times slower when another process uses a core


@dataclass(frozen=True)
class Ranker:
    """A trained model with the spaces that its features are computed in."""

    model_id: str
    booster: lgb.Booster
    spaces: Spaces
    calibration: Calibration
    knows_listeners: bool  # false: it learned from the catalogue alone

    def scores(self, pairs: Floats) -> Floats:
        """Log odds, (pairs,), for pair features, (pairs, PAIR_FEATURES)."""
        return raw_scores(self.booster, pairs)

    def contributions(self, pairs: Floats) -> Floats:
        """How much each pair feature adds to each row's log odds: (pairs, PAIR_FEATURES)."""
        contributions = np.zeros((len(pairs), len(PAIR_FEATURES)))
        if len(pairs):
            read = self.booster.predict(
                _read(self.booster, pairs), pred_contrib=True, num_threads=THREADS
            )
            contributions[:, _columns(self.booster)] = np.asarray(read)[:, :-1]  # the last: average
        return contributions


def newest(table: pd.DataFrame, as_of: datetime | None = None) -> pd.Series | None:
    """Find the latest ranker.

    Args:
        table: The rows of `ml_ranker`.
        as_of: Rankers that were trained later are ignored; None takes all.

    Returns:
        Its row; None without one.
    """
    if as_of is not None:
        table = table[table["trained_as_of"] <= naive_utc(as_of)]
    return None if table.empty else table.sort_values("trained_as_of").iloc[-1]


def read_ranker(table: pd.DataFrame, as_of: datetime | None = None) -> Ranker | None:
    """Load the latest ranker.

    Args:
        table: The rows of `ml_ranker`.
        as_of: Rankers that were trained later are ignored; None takes all.

    Returns:
        The ranker; None without one.

    Raises:
        ValueError: It was trained on features that this code does not compute.
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
    """Check a stored ranker against this code.

    Args:
        row: Of `ml_ranker`.

    Returns:
        Whether this code computes all features that the ranker reads, and can read its spaces.
    """
    known = {*json.loads(row["feature_names"])} <= {*PAIR_FEATURES}
    return known and Spaces.are_compatible(row["spaces"])


def _columns(booster: lgb.Booster) -> list[int]:
    return [PAIR_FEATURES.index(name) for name in booster.feature_name()]


def _read(booster: lgb.Booster, pairs: Floats) -> Floats:
    columns = _columns(booster)
    return pairs if len(columns) == pairs.shape[1] else pairs[:, columns]


def raw_scores(booster: lgb.Booster, pairs: Floats) -> Floats:
    """Score pairs.

    Args:
        booster: A model that reads some of the pair features, by name.
        pairs: (pairs, PAIR_FEATURES).

    Returns:
        (pairs,), log odds.
    """
    if not len(pairs):
        return np.empty(0)
    scores = booster.predict(_read(booster, pairs), raw_score=True, num_threads=THREADS)
    return np.asarray(scores)
