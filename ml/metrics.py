"""Metrics of one listener's ranked list. They count songs, not versions of a song."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from ml.arrays import Bools, Floats, Ids

TOP = 15
BINS = 10
HIGH = 0.7


def ranked_songs(scores: Floats, songs: Ids) -> Ids:
    """Rank songs by their best version.

    Args:
        scores: (tracks,).
        songs: (tracks,), the code of each track's song.

    Returns:
        (songs,): the position of each song's best version, best score first. Ties keep their order.
    """
    order = np.argsort(-scores, kind="stable")
    first = np.unique(songs[order], return_index=True)[1]
    ranked: Ids = order[np.sort(first)]
    return ranked


def ndcg(hits: Bools, count_relevant: int) -> float:
    """Normalised discounted cumulative gain at 15 (Järvelin and Kekäläinen, 2002).

    Each hit at rank r gains 1 / log2(r + 1); the sum is divided by the best possible one.

    Args:
        hits: (songs,), best first.
        count_relevant: How many songs could have been hits; at least 1.

    Returns:
        0 to 1.
    """
    discounts = 1 / np.log2(np.arange(2, TOP + 2))
    top = hits[:TOP]
    return float(discounts[: len(top)] @ top / discounts[: min(count_relevant, TOP)].sum())


def auc(hits: Bools) -> float:
    """Area under the ROC curve: the chance that a hidden song ranks above another song.

    Args:
        hits: (songs,), the whole ranking, best first.

    Returns:
        0 to 1; NaN when all songs are hits, or none.
    """
    positions = np.flatnonzero(hits)
    others = len(hits) - len(positions)
    if not len(positions) or not others:
        return float("nan")
    ahead = positions - np.arange(len(positions))  # other songs above each hidden song
    return float(1 - ahead.mean() / others)


def diversity(vectors: Floats) -> float:
    """Mean cosine distance between two tracks of a list.

    Args:
        vectors: (tracks, dimensions).

    Returns:
        0 when all are alike, about 1 for random tracks; NaN for fewer than two tracks.
    """
    if len(vectors) < 2:
        return float("nan")
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    units = vectors / np.maximum(lengths, 1e-9)
    count = len(units)
    return float(1 - ((units @ units.T).sum() - (units**2).sum()) / (count * (count - 1)))


@dataclass(frozen=True)
class Reliability:
    """Sums over pairs of listener and song, by bins of confidence.

    All arrays have the shape (bins,) or (resamples, bins). In total, a listener's hidden songs have
    the same weight as all other songs: these are the odds of the prior.
    """

    weight: Floats
    confidence: Floats
    liked: Floats

    @classmethod
    def of_pairs(cls, confidence: Floats, liked: Bools) -> "Reliability":
        """One listener's pairs, at even odds of liked and other songs.

        Args:
            confidence: (songs,), 0 to 1.
            liked: (songs,), true for hidden songs.
        """
        count = liked.sum()
        others = max(len(liked) - count, 1)
        return cls._binned(confidence, liked, np.where(liked, 1, count / others))

    @classmethod
    def of_shown(cls, probability: Floats, hits: Bools) -> "Reliability":
        """One listener's shown tracks, each counting once.

        Args:
            probability: (tracks,), of a hit, 0 to 1.
            hits: (tracks,).
        """
        return cls._binned(probability, hits, np.ones(len(hits)))

    @classmethod
    def _binned(cls, probability: Floats, liked: Bools, weights: Floats) -> "Reliability":
        bins = np.minimum((probability * BINS + 1e-9).astype(int), BINS - 1)
        kinds = (np.ones(len(bins)), probability, liked)
        sums = np.array([np.bincount(bins, weights * values, BINS) for values in kinds], float)
        return cls(*sums)

    @classmethod
    def summed(cls, each: "Sequence[Reliability]", weights: Floats | None = None) -> "Reliability":
        """Sum over listeners; `weights`, (resamples, listeners), say how often each one counts."""
        counts = np.ones(len(each)) if weights is None else weights
        names = [field.name for field in fields(cls)]
        return cls(*(counts @ np.array([getattr(one, name) for one in each]) for name in names))

    def error(self) -> Floats:
        """Expected calibration error over the last axis: the weighted mean gap of the bins."""
        gaps = np.abs(self.confidence - self.liked).sum(axis=-1)
        error: Floats = gaps / np.maximum(self.weight.sum(axis=-1), 1e-9)
        return error
