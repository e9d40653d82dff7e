"""The learned space brings an artist's tracks together, and never fails on poor catalogues."""

import numpy as np
import pytest

from ml.catalogue import Catalogue, Pool
from ml.space import Space, learn_space
from tests.ml import worlds


def gap_ratio(points: np.ndarray, artists: np.ndarray) -> float:
    """Mean distance of an artist's neighbouring tracks over that of any two tracks."""
    same = artists[1:] == artists[:-1]
    near = np.linalg.norm(points[1:] - points[:-1], axis=1)[same].mean()
    shuffled = np.random.default_rng(0).permutation(points)
    return float(near / np.linalg.norm(points - shuffled, axis=1).mean())


def test_one_artists_tracks_lie_nearer_than_in_the_raw_features() -> None:
    catalogue = Catalogue.from_frame(worlds.catalogue())
    space = learn_space(catalogue.features, catalogue.artists)
    pool = Pool.place(catalogue, space)
    assert gap_ratio(pool.sound, catalogue.artists) < gap_ratio(pool.traits, catalogue.artists)
    assert (np.diff(space.between) <= 0).all()


def test_a_space_survives_its_json() -> None:
    catalogue = Catalogue.from_frame(worlds.catalogue(200))
    space = learn_space(catalogue.features, catalogue.artists)
    again = Space.from_json(space.to_json())
    assert np.array_equal(again.projection, space.projection)
    with pytest.raises(ValueError, match="other features"):
        Space.from_json(space.to_json().replace("valence", "happiness"))


@pytest.mark.parametrize("tracks", [1, 2, 7])
def test_few_tracks_and_missing_values_give_finite_places(tracks: int) -> None:
    frame = worlds.catalogue(tracks)
    frame.loc[0, ["tempo", "musical_key", "release_year", "liveness"]] = np.nan
    catalogue = Catalogue.from_frame(frame)
    pool = Pool.place(catalogue, learn_space(catalogue.features, catalogue.artists))
    assert np.isfinite(pool.vectors).all()
