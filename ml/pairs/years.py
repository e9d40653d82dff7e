"""How much of what a listener plays was released about when a candidate was.

A listener of two decades lies far from both on average; counted year by year, near each.
"""

import numpy as np

from ml.arrays import Floats, Ids
from ml.dataset.features import OLDEST_AGE
from ml.dataset.profiles import ListenerProfile
from ml.embedding.embedded_catalogue import EmbeddedCatalogue

YEARS_APART = (0, 1, 3, 8)
YEAR_FEATURES = tuple(f"year_within_{apart}" for apart in YEARS_APART)


def year_features(embedded: EmbeddedCatalogue, profile: ListenerProfile, candidates: Ids) -> Floats:
    """One row per candidate, one column per name in YEAR_FEATURES; zeros for who has no tracks.

    The logarithm of the share of the listener's tracks, each counted by its strength, that lie at
    most so many years from the candidate; half a track is added.
    """
    count = len(profile.rows)
    if not count:
        return np.zeros((len(candidates), len(YEAR_FEATURES)))
    margin = max(YEARS_APART) + 1
    own, ages = embedded.ages[profile.rows] + margin, embedded.ages[candidates] + margin
    strengths = profile.strengths / profile.strengths.sum()
    up_to = np.cumsum(np.bincount(own, strengths, minlength=OLDEST_AGE + 2 * margin))
    shares = [up_to[ages + apart] - up_to[ages - apart - 1] for apart in YEARS_APART]
    return np.log(np.column_stack(shares) + 0.5 / count)
