"""Synthetic listeners, so that a ranker can be trained with few or no real ones."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ml.arrays import Floats, Ids, group_means
from ml.dataset.catalogue import Catalogue, Groups
from ml.dataset.features import FEATURES
from ml.embedding.embedded_catalogue import SOUND_YEAR, Spaces

MIN_TRACKS = 5  # a listener with fewer is no use for training
MAX_CIRCLES = 3  # of similar artists, or albums, in one synthetic listener
MAX_GROUPS = 40  # artists, or albums, in one circle
REACH = 6  # a circle of n is drawn from the 6 n nearest ones
STOP_AFTER_TRACK = 0.4  # chance, after each track, that the listener has no more of the group
LARGE_GROUP = 20  # tracks; a larger group is not more likely to be the middle of a circle


@dataclass(frozen=True)
class Circles:
    """Draws circles of similar groups: artists, or albums, with near tracks."""

    groups: Groups
    coordinates: Floats  # (groups, dimensions): mean of their tracks, by sound and year
    chance: Floats  # (groups,): to be the middle of a circle

    @classmethod
    def of(cls, groups: Groups, traits: Floats, spaces: Spaces) -> "Circles":
        """From the tracks' z-scores; larger groups are more often the middle of a circle."""
        coordinates = spaces.learned[SOUND_YEAR].transform(group_means(traits, groups.codes))
        weights = np.minimum(groups.sizes, LARGE_GROUP)
        return cls(groups, coordinates, weights / weights.sum())

    def listener(self, rng: np.random.Generator) -> Ids:
        """Rows of a few tracks of each group in one to three circles."""
        count = rng.integers(1, MAX_CIRCLES + 1)
        middles = rng.choice(len(self.coordinates), size=count, p=self.chance)
        drawn = np.unique(np.concatenate([self._circle(middle, rng) for middle in middles]))
        counts = rng.geometric(STOP_AFTER_TRACK, size=len(drawn))
        rows = [
            rng.permutation(self.groups.rows_of(group))[:most]
            for group, most in zip(drawn, counts, strict=True)
        ]
        return np.concatenate(rows)

    def _circle(self, middle: int, rng: np.random.Generator) -> Ids:
        wanted = min(int(rng.integers(2, MAX_GROUPS)), len(self.coordinates))
        reach = min(wanted * REACH, len(self.coordinates))
        distance = ((self.coordinates - self.coordinates[middle]) ** 2).sum(axis=1)
        near = np.sort(np.argpartition(distance, reach - 1)[:reach])
        return np.append(rng.choice(near, size=wanted, replace=False), middle)


def albums(frame: pd.DataFrame, catalogue: Catalogue) -> Groups | None:
    """Read the albums.

    Args:
        frame: The columns of `ml_catalogue_features`, `album_id` possibly missing.
        catalogue: The same rows.

    Returns:
        The tracks of each album. None if any row has no `album_id`: where only some rows have one,
        that identifies their source.
    """
    if "album_id" not in frame.columns:
        return None
    by_row = frame.set_index("track_id")["album_id"].reindex(catalogue.track_ids)
    codes, _ = pd.factorize(by_row.mask(by_row == ""), sort=True)
    return None if (codes < 0).any() else Groups(codes.astype(np.int64))


def synthetic_listeners(
    catalogue: Catalogue,
    by_album: Groups | None,
    matrix: Floats,
    spaces: Spaces,
    count: int,
    rng: np.random.Generator,
) -> list[Ids]:
    """Generate listeners: each has a few tracks of each of many similar artists or albums.

    The first half is drawn from artists, the second from albums; without albums, all from artists.

    Args:
        catalogue: Of the tracks.
        by_album: The tracks of each album, or None.
        matrix: (tracks, columns), the catalogue's `Scale.track_matrix`.
        spaces: Learned from the catalogue.
        count: How many to draw; those with fewer than MIN_TRACKS songs are left out.
        rng: Draws the tracks.

    Returns:
        The rows of each listener, one per song. If no listener has enough songs: one listener with
        the whole catalogue.
    """
    traits = matrix[:, : len(FEATURES)]
    kinds = [groups for groups in (catalogue.by_artist, by_album) if groups is not None]
    circles = [Circles.of(groups, traits, spaces) for groups in kinds]
    listeners = []
    for number in range(count):
        rows = circles[number * len(circles) // count].listener(rng)
        listeners.append(rows[np.unique(catalogue.songs[rows], return_index=True)[1]])
    enough = [rows for rows in listeners if len(rows) >= MIN_TRACKS]
    return enough or [np.arange(len(catalogue))]
