"""Learned spaces in which near means: liked by the same people.

Each is linear, and tuned to what the tracks of one listener have in common. What varies between
these says little about a taste, what varies between listeners says much. The space (linear
discriminant analysis, read as a two-covariance model, which speaker recognition calls PLDA) has
unit variance within listeners along each axis, and the axes are ordered by their variance between
listeners.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.arrays import Floats, group_means

MIN_VARIANCE = 1e-3


@dataclass(frozen=True)
class Space:
    """A projection of the first so many columns of tracks onto the axes of the space."""

    centre: Floats  # (columns,): the catalogue's average, and the origin of the space
    projection: Floats  # (columns, dimensions)
    between: Floats  # (dimensions,): variance between listeners, within them it is 1

    @property
    def weights(self) -> Floats:
        """How much of the variance along each axis tells listeners apart, 0 to 1."""
        return self.between / (1 + self.between)

    def transform(self, tracks: Floats) -> Floats:
        """Coordinates in which near means alike: the axes shrunk by their weights."""
        columns = tracks[:, : len(self.projection)] - self.centre.astype(np.float32)
        return (columns @ (self.projection * self.weights)).astype(np.float32)


def learn_space(centre: Floats, total: Floats, within: Floats, dimensions: int) -> Space:
    """The space of the covariance of all tracks about their centre and of one listener's."""
    values, axes = np.linalg.eigh(within)
    whiten = axes / np.sqrt(values)
    ratios, turned = np.linalg.eigh(whiten.T @ total @ whiten)
    best = np.argsort(-ratios, kind="stable")[:dimensions]
    return Space(centre, whiten @ turned[:, best], np.maximum(ratios[best] - 1, MIN_VARIANCE))


def covariance_within(tracks: Floats, groups: Sequence[NDArray[np.int64]]) -> tuple[Floats, int]:
    """The pooled covariance of tracks about the mean of their group, and its degrees of freedom.

    A group is the rows of the tracks that belong together.
    """
    rows = np.concatenate([np.empty(0, np.int64), *groups])
    number = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    grouped = tracks[rows].astype(np.float64)
    spread = grouped - group_means(grouped, number)[number] if len(rows) else grouped
    degrees = len(rows) - len(groups)
    return spread.T @ spread / max(degrees, 1), degrees
