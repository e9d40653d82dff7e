"""Learned spaces bring an artist's tracks together, and work with poor catalogues."""

import numpy as np
import pytest

from ml.embedding.embedded_catalogue import SOUND_YEAR, EmbeddedCatalogue, Spaces
from tests.ml import worlds


def gap_ratio(points: np.ndarray, artists: np.ndarray) -> float:
    """Mean distance of two tracks by one artist, relative to that of any two tracks."""
    same = artists[1:] == artists[:-1]
    near = np.linalg.norm(points[1:] - points[:-1], axis=1)[same].mean()
    shuffled = np.random.default_rng(0).permutation(points)
    return float(near / np.linalg.norm(points - shuffled, axis=1).mean())


def test_one_artists_tracks_are_nearer_than_in_the_raw_features() -> None:
    embedded = worlds.embed(worlds.catalogue())
    artists = embedded.catalogue.artists
    assert gap_ratio(embedded.coordinates[SOUND_YEAR], artists) < gap_ratio(
        embedded.traits, artists
    )
    assert (np.diff(embedded.spaces.learned[SOUND_YEAR].between) <= 0).all()


def test_spaces_are_centred_on_the_catalogues_average() -> None:
    """Otherwise an axis would be lost to what all tracks share."""
    for coordinates in worlds.embed(worlds.catalogue()).coordinates.values():
        assert (np.abs(coordinates.mean(axis=0)) < 0.1 * coordinates.std(axis=0)).all()


def test_a_space_survives_its_json() -> None:
    embedded = worlds.embed(worlds.catalogue(200))
    text = embedded.spaces.to_json()
    again = EmbeddedCatalogue.embed(embedded.catalogue, Spaces.from_json(text))
    assert all(
        np.array_equal(again.coordinates[name], embedded.coordinates[name])
        for name in embedded.coordinates
    )
    with pytest.raises(ValueError, match="other features"):
        Spaces.from_json(text.replace("valence", "happiness"))


@pytest.mark.parametrize("tracks", [1, 2, 7])
def test_few_tracks_and_missing_values_give_finite_coordinates(tracks: int) -> None:
    frame = worlds.catalogue(tracks)
    frame.loc[0, ["tempo", "musical_key", "release_year", "liveness"]] = np.nan
    assert np.isfinite(worlds.embed(frame).vectors).all()
