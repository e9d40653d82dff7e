"""The baselines that a model has to beat, and the interface of a model."""

from collections.abc import Callable, Iterator
from typing import Protocol
from zlib import crc32

import numpy as np
import pandas as pd

from ml.arrays import Floats, Ids, chunks, squared_distances
from ml.dataset.features import FEATURES
from ml.embedding.embedded_catalogue import EmbeddedCatalogue
from ml.evaluation.listeners import Listener
from ml.pairs.features import ACOUSTIC, ACOUSTIC_YEAR, ALL, INPUTS

SAME_ARTIST, RANDOM = "same artist", "random"
NEAREST, CENTROID = "nearest neighbours", "centroid"
BASELINES = (
    SAME_ARTIST,
    *(f"{baseline}, {inputs}" for baseline in (NEAREST, CENTROID) for inputs in INPUTS),
    RANDOM,
)
NEW_ARTIST_BASELINES = (*(f"{NEAREST}, {inputs}" for inputs in INPUTS), RANDOM)
NEIGHBOURS = 3


class Model(Protocol):
    """A trained recommender, with a ranker for each kind of inputs."""

    @property
    def embedded(self) -> EmbeddedCatalogue:
        """The catalogue in the learned spaces."""

    def scores(self, given: Ids, rows: Ids) -> dict[str, Floats]:
        """By each of INPUTS, (rows,): log odds that a listener of the given rows likes each row."""

    def confidence(self, inputs: str, scores: Floats) -> Floats:
        """Convert scores by these inputs to probabilities at even odds of liked and random."""

    def candidates(self, given: Ids) -> Ids:
        """The candidate rows for a listener of the given rows, ascending."""


Train = Callable[[pd.DataFrame, pd.DataFrame, int], Model]
"""A function from `ml_catalogue_features`, `ml_listener_signal` and a seed to a model."""


def baseline_scores(
    embedded: EmbeddedCatalogue, listener: Listener, rows: Ids, seed: int
) -> Iterator[tuple[str, Floats]]:
    """Score rows by each baseline.

    Args:
        embedded: The catalogue in the spaces that the model learned.
        listener: Only the given rows are read.
        rows: (rows,), of the catalogue.
        seed: Of the random baseline, together with the listener's name.

    Yields:
        Each of BASELINES with (rows,) scores.
    """
    spaces = {
        ALL: embedded.vectors,
        ACOUSTIC_YEAR: embedded.traits,
        ACOUSTIC: np.delete(embedded.traits, FEATURES.index("year"), axis=1),
    }
    near = {
        name: nearest(coordinates, listener.given, rows) for name, coordinates in spaces.items()
    }
    artists, counts = np.unique(embedded.catalogue.artists[listener.given], return_counts=True)
    by_artist = pd.Series(counts, artists).reindex(embedded.catalogue.artists[rows], fill_value=0)
    yield SAME_ARTIST, by_artist.to_numpy() + 1 / (2 - near[ALL])  # near is ≤ 0
    for name in INPUTS:
        yield f"{NEAREST}, {name}", near[name]
    for name, coordinates in spaces.items():
        centre = coordinates[listener.given].mean(axis=0, keepdims=True)
        yield f"{CENTROID}, {name}", -squared_distances(coordinates[rows], centre)[:, 0]
    rng = np.random.default_rng([seed, crc32(listener.name.encode())])
    yield RANDOM, rng.random(len(embedded.catalogue.song_index))[embedded.catalogue.songs[rows]]


def nearest(coordinates: Floats, given: Ids, rows: Ids) -> Floats:
    """(rows,): minus the mean distance to the three nearest given tracks."""
    few = min(NEIGHBOURS, len(given))
    nearness = [np.empty(0)]
    for part in chunks(rows):
        distances = np.sqrt(squared_distances(coordinates[part], coordinates[given]))
        nearness.append(-np.partition(distances, few - 1, axis=1)[:, :few].mean(axis=1))
    return np.concatenate(nearness)
