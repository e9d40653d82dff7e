"""Made-up listeners, so that a ranker can be trained where nobody has listened yet."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ml.arrays import Floats, Ids, group_means
from ml.dataset.catalogue import Catalogue, Groups
from ml.dataset.features import FEATURES
from ml.embedding.embedded_catalogue import SOUND_YEAR, Spaces

MIN_TRACKS = 5  # nobody with fewer tracks teaches anything
MAX_CIRCLES = 3  # circles of similar artists, or albums, in one pseudo-listener
MAX_GROUPS = 40  # artists, or albums, in one circle
REACH = 6  # a circle of n is drawn from the 6 n nearest ones
STOP_AFTER_TRACK = 0.4  # chance that a pseudo-listener knows no further track of an artist or album
LARGE_GROUP = 20  # tracks, from which on more make a group no likelier to be the middle of a circle


@dataclass(frozen=True)
class Circles:
    """Artists, or albums, of which similar ones are drawn: whose tracks lie near each other."""

    groups: Groups
    coordinates: Floats  # (groups, dimensions): of their tracks on average, by sound and year
    chance: Floats  # (groups,): to be the middle of a circle

    @classmethod
    def of(cls, groups: Groups, traits: Floats, spaces: Spaces) -> "Circles":
        """From the tracks' z-scores; the more tracks, the likelier a group is a middle."""
        coordinates = spaces.learned[SOUND_YEAR].transform(group_means(traits, groups.codes))
        weights = np.minimum(groups.sizes, LARGE_GROUP)
        return cls(groups, coordinates, weights / weights.sum())

    def listener(self, rng: np.random.Generator) -> Ids:
        """Rows of a few tracks of each group in one to three circles."""
        count = rng.integers(1, MAX_CIRCLES + 1)
        middles = rng.choice(len(self.coordinates), size=count, p=self.chance)
        drawn = np.unique(np.concatenate([self._around(middle, rng) for middle in middles]))
        known = rng.geometric(STOP_AFTER_TRACK, size=len(drawn))
        rows = [
            rng.permutation(self.groups.rows_of(group))[:most]
            for group, most in zip(drawn, known, strict=True)
        ]
        return np.concatenate(rows)

    def _around(self, middle: int, rng: np.random.Generator) -> Ids:
        wanted = min(int(rng.integers(2, MAX_GROUPS)), len(self.coordinates))
        reach = min(wanted * REACH, len(self.coordinates))
        distance = ((self.coordinates - self.coordinates[middle]) ** 2).sum(axis=1)
        near = np.sort(np.argpartition(distance, reach - 1)[:reach])
        return np.append(rng.choice(near, size=wanted, replace=False), middle)


def albums(frame: pd.DataFrame, catalogue: Catalogue) -> Groups | None:
    """The tracks of each album, or None unless every row of the frame tells its `album_id`.

    Where only some rows have one, that names their source: a catalogue with a gap has no albums.
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
    """Rows of tracks that one listener might like: a few of each of many similar artists or albums.

    `columns` are those of `ml.pool.Scale`. The first half knows artists, the second albums; without
    albums, all know artists. Who knows fewer than five songs is left out. A catalogue too small for
    that is one listener's.
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
