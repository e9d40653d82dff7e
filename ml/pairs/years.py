"""The share of a listener's tracks that were released about when a candidate was.

The mean year of a listener who plays two decades is far from both; the share is high in each.
"""

import numpy as np

from ml.arrays import Floats, Ids
from ml.dataset.features import OLDEST_AGE
from ml.dataset.profiles import ListenerProfile
from ml.embedding.embedded_catalogue import EmbeddedCatalogue

YEARS_APART = (0, 1, 3, 8)
YEAR_FEATURES = tuple(f"year_within_{apart}" for apart in YEARS_APART)


def year_features(embedded: EmbeddedCatalogue, profile: ListenerProfile, candidates: Ids) -> Floats:
    """One row per candidate, one column per name in YEAR_FEATURES.

    Each is the logarithm of a share (plus half a track): the listener's tracks that are at most N
    years from the candidate, weighted by strength. All are 0 for a listener without tracks.
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
