"""What a ranked list is worth, one listener at a time. Everything counts songs, not versions."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from ml.arrays import Bools, Floats, Ids

TOP = 15
BINS = 10
HIGH = 0.7


def ranked_songs(scores: Floats, songs: Ids) -> Ids:
    """Positions of the best version of each song, best score first; ties keep their order."""
    order = np.argsort(-scores, kind="stable")
    first = np.unique(songs[order], return_index=True)[1]
    ranked: Ids = order[np.sort(first)]
    return ranked


def ndcg(hits: Bools, count_relevant: int) -> float:
    """Discounted gain of the first 15 of a ranked list, as a share of the best possible one."""
    discounts = 1 / np.log2(np.arange(2, TOP + 2))
    top = hits[:TOP]
    return float(discounts[: len(top)] @ top / discounts[: min(count_relevant, TOP)].sum())


def auc(hits: Bools) -> float:
    """Chance that a hidden song of a whole ranked list stands before another; NaN without both."""
    coordinates = np.flatnonzero(hits)
    others = len(hits) - len(coordinates)
    if not len(coordinates) or not others:
        return float("nan")
    ahead = coordinates - np.arange(len(coordinates))  # others that stand before each hidden song
    return float(1 - ahead.mean() / others)


def diversity(vectors: Floats) -> float:
    """Mean cosine distance between two tracks of a list: 0 all alike, about 1 at random."""
    if len(vectors) < 2:
        return float("nan")
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    units = vectors / np.maximum(lengths, 1e-9)
    count = len(units)
    return float(1 - ((units @ units.T).sum() - (units**2).sum()) / (count * (count - 1)))


@dataclass(frozen=True)
class Reliability:
    """Sums over pairs of listener and song in bins of confidence, 0 to 1; shape (bins,) or more.

    Each listener's hidden songs weigh as much, all together, as all other songs: the odds of the
    stated prior.
    """

    weight: Floats
    confidence: Floats
    liked: Floats

    @classmethod
    def of_pairs(cls, confidence: Floats, liked: Bools) -> "Reliability":
        """One listener's pairs at even odds of liked and other songs."""
        count = liked.sum()
        others = max(len(liked) - count, 1)
        return cls._binned(confidence, liked, np.where(liked, 1, count / others))

    @classmethod
    def of_shown(cls, probability: Floats, hits: Bools) -> "Reliability":
        """One listener's shown tracks, each counting once."""
        return cls._binned(probability, hits, np.ones(len(hits)))

    @classmethod
    def _binned(cls, probability: Floats, liked: Bools, weights: Floats) -> "Reliability":
        bins = np.minimum((probability * BINS + 1e-9).astype(int), BINS - 1)
        kinds = (np.ones(len(bins)), probability, liked)
        sums = np.array([np.bincount(bins, weights * values, BINS) for values in kinds], float)
        return cls(*sums)

    @classmethod
    def summed(cls, each: "Sequence[Reliability]", weights: Floats | None = None) -> "Reliability":
        """The sums over listeners, each counting once or, (resamples, listeners), as often."""
        counts = np.ones(len(each)) if weights is None else weights
        names = [field.name for field in fields(cls)]
        return cls(*(counts @ np.array([getattr(one, name) for one in each]) for name in names))

    def error(self) -> Floats:
        """Expected calibration error over the last axis: the weighted mean gap of the bins."""
        gaps = np.abs(self.confidence - self.liked).sum(axis=-1)
        error: Floats = gaps / np.maximum(self.weight.sum(axis=-1), 1e-9)
        return error
