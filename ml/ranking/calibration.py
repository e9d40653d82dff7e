"""Calibration: from the ranker's score to a confidence with a stated meaning.

Take two tracks: one that the listener likes and one drawn at random from the catalogue. The
confidence is the probability that a track with this score is the liked one. So the prior is 1 liked
to 1 random track, whatever their shares in the data. It is not the share of liked tracks among the
fifteen that are shown.
"""

import json
from dataclasses import asdict, dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from ml.arrays import Bools, Floats

PRIOR = 0.5
MIN_SLOPE = 1e-3  # even a useless ranker keeps its order
BINS = 10


@dataclass(frozen=True)
class Calibration:
    """Platt scaling: a logistic curve of the score, which keeps the order of scores."""

    slope: float
    intercept: float

    def confidence(self, scores: Floats) -> Floats:
        """Convert scores.

        Args:
            scores: (pairs,), log odds from the ranker.

        Returns:
            (pairs,): probabilities, 0 to 1.
        """
        log_odds = np.clip(self.slope * scores + self.intercept, -30, 30)
        confidence: Floats = 1 / (1 + np.exp(-log_odds))
        return confidence

    def to_json(self) -> str:
        """The calibration as JSON text, with its method and prior."""
        return json.dumps({"method": "platt", "prior": PRIOR, **asdict(self)})

    @classmethod
    def from_json(cls, text: str) -> "Calibration":
        """Read a calibration back."""
        fields = json.loads(text)
        return cls(slope=fields["slope"], intercept=fields["intercept"])


def fit_calibration(scores: Floats, liked: Bools) -> Calibration:
    """Fit on examples that the ranker has not seen.

    With only one label the score says nothing; every confidence is about the prior.

    Args:
        scores: (examples,), log odds from the ranker.
        liked: (examples,), false for random tracks.
    """
    if liked.all() or not liked.any():
        return Calibration(slope=MIN_SLOPE, intercept=0.0)
    curve = LogisticRegression(C=1e6).fit(scores[:, None], liked, sample_weight=_at_prior(liked))
    slope, intercept = float(curve.coef_[0, 0]), float(curve.intercept_[0])
    return Calibration(slope=max(slope, MIN_SLOPE), intercept=intercept)


def expected_calibration_error(confidence: Floats, liked: Bools) -> float:
    """Mean gap between confidence and share of liked tracks over ten bins, at the prior.

    Args:
        confidence: (examples,), 0 to 1.
        liked: (examples,), with both labels.

    Returns:
        0 to 1.
    """
    weights = _at_prior(liked)
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, weights * (confidence - liked), minlength=BINS)
    return float(np.abs(gaps).sum() / weights.sum())


def _at_prior(liked: Bools) -> Floats:
    """Weights by which liked and random tracks have the odds of the prior."""
    share = float(liked.mean())
    weights: Floats = np.where(liked, PRIOR / share, (1 - PRIOR) / (1 - share))
    return weights
