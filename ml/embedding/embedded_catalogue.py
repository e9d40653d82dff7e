"""The catalogue on comparable scales, and the coordinates of its tracks in the learned spaces."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from dataclasses import fields as fields_of
from functools import cached_property

import numpy as np

from ml.arrays import Floats, Ids, group_means
from ml.dataset.catalogue import Catalogue
from ml.dataset.credits import Credits
from ml.dataset.features import FEATURES, ages
from ml.embedding.space import MIN_VARIANCE, Space, covariance_within, learn_space
from ml.embedding.titles import TitleSpace, learn_titles

ARTIST_SHRINKAGE = 2  # the track's own weight, in tracks, in the mean traits of its artist
PRIOR_TRACKS = 2_000  # weight of the covariance within artists, in tracks of listeners
SOUND, SOUND_YEAR, STYLE = "sound", "sound_year", "artist_style"
SPACES = {  # name: dimensions, how many of the matrix's columns it reads (None: all)
    SOUND: (12, FEATURES.index("year")),
    SOUND_YEAR: (12, len(FEATURES)),
    STYLE: (24, None),
}


@dataclass(frozen=True)
class Scale:
    """From a track to numbers: its traits, the mean traits of its artist, and its title."""

    mean: Floats  # (features,)
    spread: Floats  # (features,): standard deviations
    titles: TitleSpace

    def traits(self, features: Floats) -> Floats:
        """(tracks, features): z-scores; 0, the mean, where nothing was measured."""
        return np.nan_to_num((features - self.mean) / self.spread).astype(np.float32)

    def track_matrix(self, catalogue: Catalogue) -> Floats:
        """All that the spaces read of a track.

        Returns:
            (tracks, columns): the traits, the artist's mean traits shrunk towards the track's own,
            and the title's coordinates.
        """
        traits = self.traits(catalogue.features)
        tracks = catalogue.by_artist.sizes[:, None]
        share = (tracks / (tracks + ARTIST_SHRINKAGE))[catalogue.artists].astype(np.float32)
        means = group_means(traits, catalogue.artists)[catalogue.artists].astype(np.float32)
        by_artist = share * means + (1 - share) * traits
        return np.hstack([traits, by_artist, self.titles.transform(catalogue.titles)])


def learn_scale(catalogue: Catalogue, seed: int) -> Scale:
    """Learn a scale.

    Args:
        catalogue: Its measured values give means and standard deviations, its titles their space.
        seed: Of the title space.
    """
    measured = ~np.isnan(catalogue.features)
    count = np.maximum(measured.sum(axis=0), 1)
    values = np.where(measured, catalogue.features, 0).astype(np.float64)
    mean = values.sum(axis=0) / count
    variance = (np.where(measured, values - mean, 0) ** 2).sum(axis=0) / count
    spread = np.sqrt(np.where(variance > MIN_VARIANCE, variance, 1))
    return Scale(mean, spread, learn_titles(catalogue.titles, seed))


@dataclass(frozen=True)
class Spaces:
    """The scale, and the three spaces of the tracks on it."""

    scale: Scale
    learned: dict[str, Space]  # by the names of SPACES

    @classmethod
    def learn(
        cls, scale: Scale, catalogue: Catalogue, matrix: Floats, listeners: Sequence[Ids]
    ) -> "Spaces":
        """Learn from how tracks vary within listeners and, where these are few, within artists.

        All tracks of an artist have the same mean of the artist. Within a listener it is assumed to
        vary half as much as in the whole catalogue.

        Args:
            scale: Of the catalogue.
            catalogue: Its artists are read.
            matrix: (tracks, columns), the catalogue's `Scale.track_matrix`.
            listeners: The rows of each real listener; there may be none.
        """
        centre = matrix.mean(axis=0, dtype=np.float64)
        total = matrix.T @ matrix / len(matrix) - np.outer(centre, centre)
        total += MIN_VARIANCE * np.eye(len(total))
        by_artist, _ = covariance_within(matrix, catalogue.by_artist.rows_by_group())
        means = slice(len(FEATURES), 2 * len(FEATURES))
        by_artist[means, means] += total[means, means] / 2
        by_listener, degrees = covariance_within(matrix, listeners)
        prior = PRIOR_TRACKS * (by_artist + MIN_VARIANCE * np.eye(len(total)))
        within = (degrees * by_listener + prior) / (max(degrees, 0) + PRIOR_TRACKS)
        learned = {
            name: learn_space(
                centre[:width], total[:width, :width], within[:width, :width], dimensions
            )
            for name, (dimensions, width) in SPACES.items()
        }
        return cls(scale, learned)

    def vectors(self, catalogue: Catalogue) -> Floats:
        """(tracks, dimensions): coordinates in the space with most inputs, for the index."""
        return self.learned[STYLE].transform(self.scale.track_matrix(catalogue))

    def to_json(self) -> str:
        """The spaces as JSON text; floats survive the round trip exactly."""
        scale = {name: getattr(self.scale, name).tolist() for name in ("mean", "spread")}
        spaces = {
            name: {part: array.tolist() for part, array in asdict(space).items()}
            for name, space in self.learned.items()
        }
        titles = self.scale.titles.to_text()
        return json.dumps({"features": FEATURES, **scale, "titles": titles, "spaces": spaces})

    @staticmethod
    def are_compatible(text: str) -> bool:
        """Whether spaces as JSON have the features and the parts of this code."""
        stored, parts = json.loads(text), {field.name for field in fields_of(Space)}
        return tuple(stored["features"]) == FEATURES and all(
            space.keys() == parts for space in stored["spaces"].values()
        )

    @classmethod
    def from_json(cls, text: str) -> "Spaces":
        """Read spaces back.

        Raises:
            ValueError: They were learned from other features, or have other parts.
        """
        fields = json.loads(text)
        if not cls.are_compatible(text):
            raise ValueError("the spaces were learned from other features: train the ranker again")
        mean, spread = np.array(fields["mean"]), np.array(fields["spread"])
        scale = Scale(mean, spread, TitleSpace.from_text(fields["titles"]))
        learned = {
            name: Space(**{part: np.array(values) for part, values in space.items()})
            for name, space in fields["spaces"].items()
        }
        return cls(scale, learned)


@dataclass(frozen=True)
class EmbeddedCatalogue:
    """A catalogue with the coordinates of its tracks."""

    catalogue: Catalogue
    spaces: Spaces
    traits: Floats  # (tracks, features): z-scores
    titles: Floats  # (tracks, title dimensions): of length 1
    artist_titles: Floats  # (artists, title dimensions): their mean minus the overall one, length 1
    coordinates: dict[str, Floats]  # by the names of SPACES: (tracks, dimensions)
    credits: Credits

    @classmethod
    def embed(
        cls, catalogue: Catalogue, spaces: Spaces, matrix: Floats | None = None
    ) -> "EmbeddedCatalogue":
        """Compute the coordinates of all tracks.

        Args:
            catalogue: The tracks.
            spaces: Where to embed them.
            matrix: (tracks, columns), their `Scale.track_matrix`; computed if None.
        """
        matrix = spaces.scale.track_matrix(catalogue) if matrix is None else matrix
        coordinates = {name: space.transform(matrix) for name, space in spaces.learned.items()}
        traits, titles = matrix[:, : len(FEATURES)].copy(), matrix[:, 2 * len(FEATURES) :]
        by_artist = group_means(titles, catalogue.artists) - titles.mean(axis=0)
        units = _units(titles), _units(by_artist.astype(np.float32))
        return cls(catalogue, spaces, traits, *units, coordinates, Credits.of(catalogue))

    @cached_property
    def ages(self) -> Ids:
        """(tracks,): years since the release; of the catalogue's average where unknown."""
        year, scale = FEATURES.index("year"), self.spaces.scale
        return ages(self.traits[:, year] * scale.spread[year] + scale.mean[year])

    @property
    def vectors(self) -> Floats:
        """(tracks, dimensions): the coordinates in the index; see `Spaces.vectors`."""
        return self.coordinates[STYLE]


def _units(vectors: Floats) -> Floats:
    units: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return units
