"""The probability that a shown track is a hit, learned from the lists of other listeners.

A hit is a track that the listener had and that was hidden. The confidence has another meaning: it
compares one liked track with one random track, whereas a list has the best of a whole catalogue.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from ml.arrays import Bools, Floats
from ml.metrics import Reliability


@dataclass(frozen=True)
class Shown:
    """The tracks of one listener's list: their scores, and which of them are hits."""

    scores: Floats
    is_hit: Bools


def reliabilities(lists: Sequence[Shown], groups: Sequence[int]) -> list[Reliability]:
    """Predict hits, and compare with the actual ones.

    The logistic curve for a list is fitted on the lists of all other groups, so that no list's own
    hits decide its predictions.

    Args:
        lists: One per listener.
        groups: (lists,), the group of each.

    Returns:
        (lists,): predicted probabilities and actual hits by bins.
    """
    curves = {
        group: _curve([each for each, other in zip(lists, groups, strict=True) if other != group])
        for group in set(groups)
    }
    return [
        Reliability.of_shown(curves[group](each.scores), each.is_hit)
        for each, group in zip(lists, groups, strict=True)
    ]


def _curve(lists: Sequence[Shown]) -> Callable[[Floats], Floats]:
    """From scores to probabilities; with only one label, the share of hits for every score."""
    scores = np.concatenate([np.empty(0), *(each.scores for each in lists)])
    is_hit = np.concatenate([np.empty(0, bool), *(each.is_hit for each in lists)])
    if is_hit.all() or not is_hit.any():
        share = float(is_hit.mean()) if len(is_hit) else 0.0
        return lambda wanted: np.full(len(wanted), share)
    fitted = LogisticRegression(C=1e6).fit(scores[:, None], is_hit)

    def probabilities(wanted: Floats) -> Floats:
        return np.asarray(fitted.predict_proba(wanted[:, None]))[:, 1] if len(wanted) else wanted

    return probabilities
