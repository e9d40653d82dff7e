"""The trained recommender for the evaluation: one ranker for each kind of inputs."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ml.arrays import Floats, Ids, chunks
from ml.dataset.profiles import profile_of_rows
from ml.embedding.embedded_catalogue import EmbeddedCatalogue
from ml.pairs.features import INPUTS, pair_features
from ml.pairs.peers import Interactions
from ml.ranking.ranker import Ranker
from ml.retrieval.candidates import candidates
from ml.retrieval.index import TrackIndex, open_index
from ml.training.train import build_training_set, fit_model


@dataclass(frozen=True)
class Recommender:
    """The rankers, and what they share: they learned from the same listeners."""

    rankers: dict[str, Ranker]
    embedded: EmbeddedCatalogue
    interactions: Interactions
    index: TrackIndex

    def scores(self, given: Ids, rows: Ids) -> dict[str, Floats]:
        """By each kind of inputs, log odds for each of the rows."""
        profile = profile_of_rows(self.embedded.catalogue, given)
        neighbourhood = self.interactions.neighbourhood(self.embedded, profile)
        scores: dict[str, list[Floats]] = {inputs: [] for inputs in self.rankers}
        for part in chunks(rows):
            pairs = pair_features(self.embedded, neighbourhood, profile, part)
            for inputs, ranker in self.rankers.items():
                scores[inputs].append(ranker.scores(pairs))
        return {inputs: np.concatenate(parts) for inputs, parts in scores.items()}

    def confidence(self, inputs: str, scores: Floats) -> Floats:
        """The confidence of tracks with these scores."""
        return self.rankers[inputs].calibration.confidence(scores)

    def candidates(self, given: Ids) -> Ids:
        """The candidate rows for a listener of the given rows."""
        profile = profile_of_rows(self.embedded.catalogue, given)
        neighbourhood = self.interactions.neighbourhood(self.embedded, profile)
        return candidates(self.embedded, self.index, profile, neighbourhood)


def train(catalogue: pd.DataFrame, signal: pd.DataFrame, seed: int) -> Recommender:
    """Train like `ml_ranker`, for each kind of inputs, and index the catalogue.

    Args:
        catalogue: The columns of `ml_catalogue_features`.
        signal: The columns of `ml_listener_signal`.
        seed: Of all random draws.
    """
    training_set = build_training_set(catalogue, signal, seed)
    with tempfile.TemporaryDirectory() as folder:
        index = open_index(
            training_set.embedded.vectors, Path(folder)
        )  # a mapped file can be deleted
    return Recommender(
        rankers={inputs: fit_model(training_set, inputs, seed).ranker for inputs in INPUTS},
        embedded=training_set.embedded,
        interactions=training_set.interactions,
        index=index,
    )
