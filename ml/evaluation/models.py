"""The trained recommender as the evaluation asks it: one ranker for each kind of inputs."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ml.candidates import candidates
from ml.catalogue import Codes
from ml.index import TrackIndex, open_index
from ml.interactions import Interactions
from ml.pairs import INPUTS, pair_features
from ml.pool import Pool
from ml.ranker import Ranker
from ml.space import Matrix, chunks
from ml.tastes import taste_of_rows
from ml.training import learn, prepare


@dataclass(frozen=True)
class Recommender:
    """The rankers, and what they share, for they learned from the same listeners."""

    rankers: dict[str, Ranker]
    pool: Pool
    interactions: Interactions
    index: TrackIndex

    def scores(self, given: Codes, rows: Codes) -> dict[str, Matrix]:
        """By each kind of inputs, log odds for each of the rows."""
        taste = taste_of_rows(self.pool.catalogue, given)
        around = self.interactions.around(self.pool, taste)
        scores: dict[str, list[Matrix]] = {inputs: [] for inputs in self.rankers}
        for part in chunks(rows):
            pairs = pair_features(self.pool, around, taste, part)
            for inputs, ranker in self.rankers.items():
                scores[inputs].append(ranker.scores(pairs))
        return {inputs: np.concatenate(parts) for inputs, parts in scores.items()}

    def confidence(self, inputs: str, scores: Matrix) -> Matrix:
        """What would be told of tracks with these scores."""
        return self.rankers[inputs].calibration.confidence(scores)

    def candidates(self, given: Codes) -> Codes:
        """The rows that would be ranked for whoever likes the given ones."""
        taste = taste_of_rows(self.pool.catalogue, given)
        around = self.interactions.around(self.pool, taste)
        return candidates(self.pool, self.index, taste, around)


def train(catalogue: pd.DataFrame, signal: pd.DataFrame, seed: int) -> Recommender:
    """Train as `ml_ranker` is trained, by each kind of inputs, and index the catalogue."""
    lessons = prepare(catalogue, signal, seed)
    with tempfile.TemporaryDirectory() as folder:
        index = open_index(lessons.pool.vectors, Path(folder))  # its file may go once it is mapped
    return Recommender(
        rankers={inputs: learn(lessons, inputs, seed).ranker for inputs in INPUTS},
        pool=lessons.pool,
        interactions=lessons.interactions,
        index=index,
    )
