"""The trained recommender as the evaluation asks it."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from ml.catalogue import Catalogue, Codes, Pool
from ml.evaluation.methods import INPUTS
from ml.pairs import pair_features
from ml.ranker import Ranker, read_ranker, train_ranker
from ml.space import Matrix
from ml.tastes import taste_of_rows


@dataclass(frozen=True)
class RankerModel:
    """A ranker with the catalogue that it was trained on, placed in its space."""

    ranker: Ranker
    pool: Pool

    def scores(self, given: Codes, rows: Codes) -> dict[str, Matrix]:
        """Log odds for each row."""
        taste = taste_of_rows(self.pool.catalogue, given)
        pairs = pair_features(self.pool, self.ranker.space, taste, rows)
        return dict.fromkeys(INPUTS, self.ranker.scores(pairs))

    def confidence(self, inputs, scores: Matrix) -> Matrix:
        return self.ranker.calibration.confidence(scores)

    def hit_probability(self, scores: Matrix) -> Matrix:
        return np.full(len(scores), 0.1)

    def candidates(self, given: Codes) -> Codes:
        return np.arange(0, len(self.pool.catalogue), 2)


def train(catalogue: pd.DataFrame, signal: pd.DataFrame) -> RankerModel:
    ranker = read_ranker(train_ranker(catalogue, signal, datetime(2026, 1, 1)).to_pandas())
    assert ranker
    return RankerModel(ranker, Pool.place(Catalogue.from_frame(catalogue), ranker.space))
