"""The learned space of sounds: linear, and tuned to what an artist's tracks have in common.

Artists serve as pseudo-listeners. What varies between the tracks of one artist says little about
a taste, what varies between artists says much. The space (linear discriminant analysis, read as a
two-covariance model) has unit variance within artists along each axis, and the axes are ordered by
their variance between artists.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.features import FEATURES

DIMENSIONS = 12  # of 16; the last four hold next to nothing that tells artists apart
PRIOR_TRACKS = 100  # weight of the prior "half of the variance lies within artists"
LEAST_VARIANCE = 1e-3

Matrix = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Space:
    """Standardisation of the features and their projection onto the axes of the space."""

    mean: Matrix  # (features,)
    scale: Matrix  # (features,)
    projection: Matrix  # (features, dimensions)
    between: Matrix  # (dimensions,): variance between artists, within them it is 1

    @property
    def weights(self) -> Matrix:
        """How much of the variance along each axis tells artists apart, 0 to 1."""
        return self.between / (1 + self.between)

    def standardise(self, features: Matrix) -> Matrix:
        """z-scores; a value that was not measured counts as the mean."""
        return np.nan_to_num((features - self.mean) / self.scale).astype(np.float32)

    def place(self, standardised: Matrix) -> Matrix:
        """Coordinates in which near means alike: the axes shrunk by their weights."""
        return (standardised @ (self.projection * self.weights)).astype(np.float32)

    def to_json(self) -> str:
        """The space as JSON text; floats survive the round trip exactly."""
        fields = {name: array.tolist() for name, array in asdict(self).items()}
        return json.dumps({"features": FEATURES, **fields})

    @classmethod
    def from_json(cls, text: str) -> "Space":
        """Read a space back; ValueError when it was learned from other features."""
        fields = json.loads(text)
        if tuple(fields.pop("features")) != FEATURES:
            raise ValueError("the space was learned from other features: train the ranker again")
        return cls(**{name: np.array(values) for name, values in fields.items()})


def learn_space(features: Matrix, artists: NDArray[np.int64]) -> Space:
    """Learn the space from tracks (rows) and the number of each track's artist (0 to count - 1)."""
    measured = ~np.isnan(features)
    count = np.maximum(measured.sum(axis=0), 1)
    values = np.where(measured, features, 0).astype(np.float64)
    mean = values.sum(axis=0) / count
    variance = (np.where(measured, values - mean, 0) ** 2).sum(axis=0) / count
    scale = np.sqrt(np.where(variance > LEAST_VARIANCE, variance, 1))
    z = np.where(measured, (values - mean) / scale, 0)

    tracks = np.bincount(artists)
    spread = z - group_means(z, artists)[artists]
    degrees = len(z) - len(tracks)
    total = z.T @ z / max(len(z), 1) + LEAST_VARIANCE * np.eye(z.shape[1])
    within = (spread.T @ spread + PRIOR_TRACKS * total / 2) / (degrees + PRIOR_TRACKS)
    values_within, axes = np.linalg.eigh(within)
    whiten = axes / np.sqrt(values_within)
    ratios, turned = np.linalg.eigh(whiten.T @ total @ whiten)
    best = np.argsort(-ratios, kind="stable")[:DIMENSIONS]
    between = np.maximum(ratios[best] - 1, LEAST_VARIANCE)
    return Space(mean, scale, whiten @ turned[:, best], between)


def group_means(values: Matrix, groups: NDArray[np.int64]) -> Matrix:
    """The mean row of each group (0 to count - 1)."""
    sums = [np.bincount(groups, weights=column) for column in values.T]
    return np.column_stack(sums) / np.bincount(groups)[:, None]
