"""Learned spaces in which near tracks are liked by the same people.

A space is linear, by linear discriminant analysis with the listeners as classes. Directions in
which the tracks of one listener vary count little; those in which listeners differ count much.
Along each axis the variance within listeners is 1. The axes are ordered by their variance between
listeners. Read as a probability model, it is the two-covariance model (in speaker recognition:
PLDA).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.arrays import Floats, group_means

MIN_VARIANCE = 1e-3


@dataclass(frozen=True)
class Space:
    """A projection of the first columns of the track matrix onto the axes of the space."""

    centre: Floats  # (columns,): the catalogue's average, and the origin of the space
    projection: Floats  # (columns, dimensions)
    between: Floats  # (dimensions,): variance between listeners; within them it is 1

    @property
    def weights(self) -> Floats:
        """(dimensions,): the share of each axis' variance that is between listeners, 0 to 1."""
        return self.between / (1 + self.between)

    def transform(self, tracks: Floats) -> Floats:
        """Project tracks, with each axis scaled by its weight.

        Args:
            tracks: (tracks, columns), of which the first ones are read.

        Returns:
            (tracks, dimensions).
        """
        columns = tracks[:, : len(self.projection)] - self.centre.astype(np.float32)
        return (columns @ (self.projection * self.weights)).astype(np.float32)


def learn_space(centre: Floats, total: Floats, within: Floats, dimensions: int) -> Space:
    """Learn a space from two covariances.

    Args:
        centre: (columns,), the mean of all tracks.
        total: (columns, columns), the covariance of all tracks.
        within: (columns, columns), the covariance within listeners; positive definite.
        dimensions: How many axes to keep.
    """
    values, axes = np.linalg.eigh(within)
    whiten = axes / np.sqrt(values)
    ratios, turned = np.linalg.eigh(whiten.T @ total @ whiten)
    best = np.argsort(-ratios, kind="stable")[:dimensions]
    return Space(centre, whiten @ turned[:, best], np.maximum(ratios[best] - 1, MIN_VARIANCE))


def covariance_within(tracks: Floats, groups: Sequence[NDArray[np.int64]]) -> tuple[Floats, int]:
    """The pooled covariance of tracks about the mean of their group.

    Args:
        tracks: (tracks, columns).
        groups: The rows of each group's tracks.

    Returns:
        (columns, columns), and its degrees of freedom.
    """
    rows = np.concatenate([np.empty(0, np.int64), *groups])
    number = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    grouped = tracks[rows].astype(np.float64)
    deviations = grouped - group_means(grouped, number)[number] if len(rows) else grouped
    degrees = len(rows) - len(groups)
    return deviations.T @ deviations / max(degrees, 1), degrees
