"""The catalogue on comparable scales and in the learned spaces: where each track lies."""

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

ARTIST_SHRINKAGE = 2  # tracks of its own by which a track's view of its artist is weighed
PRIOR_TRACKS = 2_000  # of artists, that what listeners have is added to
SOUND, SOUND_YEAR, STYLE = "sound", "sound_year", "artist_style"
SPACES = {  # name: dimensions, of how many of a track's columns (None: all)
    SOUND: (12, FEATURES.index("year")),
    SOUND_YEAR: (12, len(FEATURES)),
    STYLE: (24, None),
}


@dataclass(frozen=True)
class Scale:
    """How a track becomes numbers: its traits, those of its artist on average, and its title."""

    mean: Floats  # (features,)
    spread: Floats  # (features,)
    titles: TitleSpace

    def traits(self, features: Floats) -> Floats:
        """z-scores; a value that was not measured counts as the mean."""
        return np.nan_to_num((features - self.mean) / self.spread).astype(np.float32)

    def track_matrix(self, catalogue: Catalogue) -> Floats:
        """(tracks, columns): traits first, their mean by artist shrunk to the track, the title."""
        traits = self.traits(catalogue.features)
        tracks = catalogue.by_artist.sizes[:, None]
        share = (tracks / (tracks + ARTIST_SHRINKAGE))[catalogue.artists].astype(np.float32)
        means = group_means(traits, catalogue.artists)[catalogue.artists].astype(np.float32)
        by_artist = share * means + (1 - share) * traits
        return np.hstack([traits, by_artist, self.titles.transform(catalogue.titles)])


def learn_scale(catalogue: Catalogue, seed: int) -> Scale:
    """Mean and standard deviation of what was measured, and the space of the titles."""
    measured = ~np.isnan(catalogue.features)
    count = np.maximum(measured.sum(axis=0), 1)
    values = np.where(measured, catalogue.features, 0).astype(np.float64)
    mean = values.sum(axis=0) / count
    variance = (np.where(measured, values - mean, 0) ** 2).sum(axis=0) / count
    spread = np.sqrt(np.where(variance > MIN_VARIANCE, variance, 1))
    return Scale(mean, spread, learn_titles(catalogue.titles, seed))


@dataclass(frozen=True)
class Spaces:
    """The scale, and the three spaces that it leads to."""

    scale: Scale
    learned: dict[str, Space]  # by the names of SPACES

    @classmethod
    def learn(
        cls, scale: Scale, catalogue: Catalogue, matrix: Floats, listeners: Sequence[Ids]
    ) -> "Spaces":
        """From the catalogue's columns, its artists, and each real listener's rows.

        The fewer have listened, the more an artist stands for a listener; what an artist's tracks
        share by definition, their mean, is taken to vary half as much in a listener as in all.
        """
        centre = matrix.mean(axis=0, dtype=np.float64)
        total = matrix.T @ matrix / len(matrix) - np.outer(centre, centre)
        total += MIN_VARIANCE * np.eye(len(total))
        by_artist, _ = covariance_within(matrix, catalogue.by_artist.each())
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
        """What is indexed: the place of each track in the space that knows most."""
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
        """Whether spaces as JSON were learned from the features and kept in the parts of today."""
        stored, parts = json.loads(text), {field.name for field in fields_of(Space)}
        return tuple(stored["features"]) == FEATURES and all(
            space.keys() == parts for space in stored["spaces"].values()
        )

    @classmethod
    def from_json(cls, text: str) -> "Spaces":
        """Read spaces back; ValueError when they were learned from other features."""
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
    """A catalogue placed in the spaces."""

    catalogue: Catalogue
    spaces: Spaces
    traits: Floats  # (tracks, features): z-scores
    titles: Floats  # (tracks, dimensions of titles): of length 1
    artist_titles: Floats  # (artists, dimensions of titles): their mean less that of all, length 1
    coordinates: dict[str, Floats]  # by the names of SPACES: (tracks, dimensions)
    credits: Credits

    @classmethod
    def embed(
        cls, catalogue: Catalogue, spaces: Spaces, matrix: Floats | None = None
    ) -> "EmbeddedCatalogue":
        """Place each track; the columns of the scale are worked out where they are not given."""
        matrix = spaces.scale.track_matrix(catalogue) if matrix is None else matrix
        coordinates = {name: space.transform(matrix) for name, space in spaces.learned.items()}
        traits, titles = matrix[:, : len(FEATURES)].copy(), matrix[:, 2 * len(FEATURES) :]
        by_artist = group_means(titles, catalogue.artists) - titles.mean(axis=0)
        units = _units(titles), _units(by_artist.astype(np.float32))
        return cls(catalogue, spaces, traits, *units, coordinates, Credits.of(catalogue))

    @cached_property
    def ages(self) -> Ids:
        """(tracks,): how many years ago each was released, by the average where not known."""
        year, scale = FEATURES.index("year"), self.spaces.scale
        return ages(self.traits[:, year] * scale.spread[year] + scale.mean[year])

    @property
    def vectors(self) -> Floats:
        """What is indexed: see `Spaces.vectors`."""
        return self.coordinates[STYLE]


def _units(vectors: Floats) -> Floats:
    units: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return units
