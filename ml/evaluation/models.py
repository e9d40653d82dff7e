"""The trained recommender as the evaluation asks it: one ranker for each kind of inputs."""

import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pandas as pd

from ml.candidates import candidates
from ml.catalogue import Catalogue, Codes
from ml.index import TrackIndex, open_index
from ml.interactions import Interactions
from ml.pairs import ALL, INPUTS, pair_features
from ml.pool import Pool
from ml.ranker import Ranker, read_ranker, train_ranker
from ml.space import Matrix
from ml.tastes import taste_of_rows, tastes

AS_OF = datetime(2000, 1, 1)  # a ranker wants to know; nothing depends on it


@dataclass(frozen=True)
class Recommender:
    """The rankers, and what they share, for they learned from the same listeners."""

    rankers: dict[str, Ranker]
    pool: Pool
    interactions: Interactions
    index: TrackIndex
    folder: tempfile.TemporaryDirectory[str] = field(repr=False)  # where the index lies

    def scores(self, given: Codes, rows: Codes) -> dict[str, Matrix]:
        """By each kind of inputs, log odds for each of the rows."""
        taste = taste_of_rows(self.pool.catalogue, given)
        around = self.interactions.around(self.pool, taste)
        pairs = pair_features(self.pool, around, taste, rows)
        return {inputs: ranker.scores(pairs) for inputs, ranker in self.rankers.items()}

    def confidence(self, inputs: str, scores: Matrix) -> Matrix:
        """What would be told of tracks with these scores."""
        return self.rankers[inputs].calibration.confidence(scores)

    def candidates(self, given: Codes) -> Codes:
        """The rows that would be ranked for whoever likes the given ones."""
        taste = taste_of_rows(self.pool.catalogue, given)
        around = self.interactions.around(self.pool, taste)
        return candidates(self.pool, self.index, taste, around)


def train(catalogue: pd.DataFrame, signal: pd.DataFrame) -> Recommender:
    """Train as `ml_ranker` is trained, once for each kind of inputs, and index the catalogue."""
    tracks = Catalogue.from_frame(catalogue)
    rankers = {
        inputs: read_ranker(train_ranker(catalogue, signal, AS_OF, inputs=inputs).to_pandas())
        for inputs in INPUTS
    }
    trained = {inputs: ranker for inputs, ranker in rankers.items() if ranker}
    pool = Pool.place(tracks, trained[ALL].spaces)
    folder = tempfile.TemporaryDirectory()
    return Recommender(
        rankers=trained,
        pool=pool,
        interactions=Interactions.of(pool, list(tastes(tracks, signal).values())),
        index=open_index(pool.vectors, Path(folder.name), None),
        folder=folder,
    )
