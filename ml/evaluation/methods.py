"""What is compared: a trained model by its inputs, and the simpler rules that it has to beat."""

from collections.abc import Callable, Iterator
from typing import Protocol
from zlib import crc32

import numpy as np
import pandas as pd

from ml.catalogue import Codes
from ml.evaluation.listeners import Listener
from ml.features import FEATURES
from ml.pairs import ACOUSTIC, ACOUSTIC_YEAR, ALL, INPUTS
from ml.pool import Pool
from ml.space import Matrix, chunks, squared_distances

SAME_ARTIST, RANDOM = "same artist", "random"
NEAREST, CENTROID = "nearest neighbours", "centroid"
RULES = (
    SAME_ARTIST,
    *(f"{rule}, {inputs}" for rule in (NEAREST, CENTROID) for inputs in INPUTS),
    RANDOM,
)
RULES_OF_NEW_ARTISTS = (*(f"{NEAREST}, {inputs}" for inputs in INPUTS), RANDOM)
NEIGHBOURS = 3


class Model(Protocol):
    """A trained recommender, and how it would do on fewer inputs."""

    @property
    def pool(self) -> Pool:
        """The catalogue in the learned spaces."""

    def scores(self, given: Codes, rows: Codes) -> dict[str, Matrix]:
        """By each of INPUTS: how well each row suits whoever likes the given ones, as log odds."""

    def confidence(self, inputs: str, scores: Matrix) -> Matrix:
        """The scores by these inputs as probabilities at even odds of liked and random tracks."""

    def candidates(self, given: Codes) -> Codes:
        """The rows that would be ranked, ascending."""


Train = Callable[[pd.DataFrame, pd.DataFrame, int], Model]
"""From `ml_catalogue_features`, `ml_listener_signal` and a seed to a model."""


def rules(pool: Pool, listener: Listener, rows: Codes, seed: int) -> Iterator[tuple[str, Matrix]]:
    """Each of RULES with its scores for the rows, in the spaces that the model learned."""
    spaces = {
        ALL: pool.vectors,
        ACOUSTIC_YEAR: pool.traits,
        ACOUSTIC: np.delete(pool.traits, FEATURES.index("year"), axis=1),
    }
    near = {name: nearest(places, listener.given, rows) for name, places in spaces.items()}
    artists, counts = np.unique(pool.catalogue.artists[listener.given], return_counts=True)
    by_artist = pd.Series(counts, artists).reindex(pool.catalogue.artists[rows], fill_value=0)
    yield SAME_ARTIST, by_artist.to_numpy() + 1 / (2 - near[ALL])  # near is ≤ 0
    for name in INPUTS:
        yield f"{NEAREST}, {name}", near[name]
    for name, places in spaces.items():
        centre = places[listener.given].mean(axis=0, keepdims=True)
        yield f"{CENTROID}, {name}", -squared_distances(places[rows], centre)[:, 0]
    rng = np.random.default_rng([seed, crc32(listener.name.encode())])
    yield RANDOM, rng.random(len(pool.catalogue.song_index))[pool.catalogue.songs[rows]]


def nearest(places: Matrix, given: Codes, rows: Codes) -> Matrix:
    """Minus the mean distance to the three nearest given tracks."""
    few = min(NEIGHBOURS, len(given))
    nearness = [np.empty(0)]
    for part in chunks(rows):
        distances = np.sqrt(squared_distances(places[part], places[given]))
        nearness.append(-np.partition(distances, few - 1, axis=1)[:, :few].mean(axis=1))
    return np.concatenate(nearness)
