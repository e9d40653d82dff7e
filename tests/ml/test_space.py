"""The learned space brings an artist's tracks together, and never fails on poor catalogues."""

import numpy as np
import pytest

from ml.pool import SOUND_YEAR, Pool, Spaces
from tests.ml import worlds


def gap_ratio(points: np.ndarray, artists: np.ndarray) -> float:
    """Mean distance of an artist's neighbouring tracks over that of any two tracks."""
    same = artists[1:] == artists[:-1]
    near = np.linalg.norm(points[1:] - points[:-1], axis=1)[same].mean()
    shuffled = np.random.default_rng(0).permutation(points)
    return float(near / np.linalg.norm(points - shuffled, axis=1).mean())


def test_one_artists_tracks_lie_nearer_than_in_the_raw_features() -> None:
    pool = worlds.placed(worlds.catalogue())
    artists = pool.catalogue.artists
    assert gap_ratio(pool.places[SOUND_YEAR], artists) < gap_ratio(pool.traits, artists)
    assert (np.diff(pool.spaces.learned[SOUND_YEAR].between) <= 0).all()


def test_spaces_lie_about_the_catalogues_average() -> None:
    """Or an axis would be kept for what all tracks share, which tells no listeners apart."""
    for places in worlds.placed(worlds.catalogue()).places.values():
        assert (np.abs(places.mean(axis=0)) < 0.1 * places.std(axis=0)).all()


def test_a_space_survives_its_json() -> None:
    pool = worlds.placed(worlds.catalogue(200))
    text = pool.spaces.to_json()
    again = Pool.place(pool.catalogue, Spaces.from_json(text))
    assert all(np.array_equal(again.places[name], pool.places[name]) for name in pool.places)
    with pytest.raises(ValueError, match="other features"):
        Spaces.from_json(text.replace("valence", "happiness"))


@pytest.mark.parametrize("tracks", [1, 2, 7])
def test_few_tracks_and_missing_values_give_finite_places(tracks: int) -> None:
    frame = worlds.catalogue(tracks)
    frame.loc[0, ["tempo", "musical_key", "release_year", "liveness"]] = np.nan
    assert np.isfinite(worlds.placed(frame).vectors).all()
