"""Made-up listeners: tracks of artists that sound alike, and of albums where all are known."""

import numpy as np
import pandas as pd

from ml.catalogue import Catalogue, Codes
from ml.pool import Spaces, learn_scale
from ml.pseudo import LEAST_TRACKS, pseudo_listeners
from tests.ml import worlds

SCHOOLS = 8


def made_up(frame: pd.DataFrame, count: int) -> list[Codes]:
    tracks = Catalogue.from_frame(frame)
    scale = learn_scale(tracks, seed=0)
    columns = scale.columns(tracks)
    spaces = Spaces.learn(scale, tracks, columns, [])
    return pseudo_listeners(tracks, columns, spaces, count, np.random.default_rng(5))


def tracks_per(groups: pd.Series, listeners: list[Codes]) -> float:
    """How many tracks a listener has of a group (an artist, an album) that they have any of."""
    return sum(map(len, listeners)) / sum(groups.iloc[rows].nunique() for rows in listeners)


def test_each_has_a_few_tracks_once_of_artists_that_sound_alike() -> None:
    pool = worlds.catalogue(30_000, SCHOOLS)
    school = pool["artist_name"].str.split().str[1].astype(int) % SCHOOLS
    told = made_up(pool, 40)
    assert all(len(np.unique(rows)) == len(rows) >= LEAST_TRACKS for rows in told)
    largest = [school.iloc[rows].value_counts(normalize=True).head(3).sum() for rows in told]
    assert np.mean(largest) > 0.8  # three circles at most; of random tracks .44


def test_one_half_knows_artists_and_the_other_albums() -> None:
    """Each album holds a dozen tracks of one school, by as many artists."""
    pool = worlds.catalogue(2_400, schools=2)
    artist = pool["artist_name"]
    school = artist.str.split().str[1].astype(int) % 2
    place = pool.groupby(school).cumcount()
    album = school.astype(str) + "-" + (place % 100).astype(str)
    told = made_up(pool.assign(album_id=album), 60)
    of_artists, of_albums = told[:30], told[30:]
    assert tracks_per(artist, of_artists) > tracks_per(artist, of_albums)
    assert tracks_per(album, of_albums) > tracks_per(album, of_artists)


def test_a_gap_in_the_albums_leaves_them_all_out() -> None:
    """Where only some rows tell their album, that is a trait of their source."""
    pool = worlds.catalogue(600)
    whole = pool.assign(album_id=pool["artist_name"])
    one_gap = whole.assign(album_id=whole["album_id"].where(pool.index != 7))
    empty = whole.assign(album_id=whole["album_id"].where(pool.index != 7, ""))
    assert Catalogue.from_frame(whole).by_album is not None
    for frame in (pool, one_gap, empty):
        assert Catalogue.from_frame(frame).by_album is None
