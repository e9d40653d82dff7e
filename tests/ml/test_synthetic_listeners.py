"""Synthetic listeners: tracks of similar artists, and of albums where all are known."""

import numpy as np
import pandas as pd
import pytest

from ml.arrays import Ids
from ml.dataset.catalogue import Catalogue
from ml.embedding.embedded_catalogue import Spaces, learn_scale
from ml.training.synthetic_listeners import MIN_TRACKS, albums, synthetic_listeners
from tests.ml import worlds


def generated(frame: pd.DataFrame, count: int) -> list[Ids]:
    tracks = Catalogue.from_frame(frame)
    scale = learn_scale(tracks, seed=0)
    columns = scale.track_matrix(tracks)
    spaces = Spaces.learn(scale, tracks, columns, [])
    rng = np.random.default_rng(5)
    return synthetic_listeners(tracks, albums(frame, tracks), columns, spaces, count, rng)


def tracks_per(groups: pd.Series, listeners: list[Ids]) -> float:
    """Mean number of a listener's tracks per group (artist or album), of groups with any."""
    return sum(map(len, listeners)) / sum(groups.iloc[rows].nunique() for rows in listeners)


def test_each_has_tracks_of_similar_artists() -> None:
    catalogue = worlds.catalogue(30_000)
    school = worlds.school_of(catalogue)
    listeners = generated(catalogue, 40)
    assert all(len(rows) >= MIN_TRACKS for rows in listeners)
    largest = [school.iloc[rows].value_counts(normalize=True).head(3).sum() for rows in listeners]
    assert np.mean(largest) > 0.98  # at most three circles; random tracks give 0.44


def test_each_has_a_song_once() -> None:
    catalogue = worlds.catalogue(2_400)
    twins = catalogue.assign(track_name=catalogue.groupby("artist_name").cumcount() // 2)
    twins["track_name"] = "Song " + twins["track_name"].astype(str)
    song = twins["artist_name"] + twins["track_name"]
    listeners = generated(worlds.with_albums(twins), 60)
    assert all(song.iloc[rows].is_unique for rows in listeners)
    assert len(np.unique(np.concatenate(listeners))) > song.nunique()  # in either of its versions


def test_one_half_is_drawn_from_artists_and_the_other_from_albums() -> None:
    catalogue = worlds.with_albums(worlds.catalogue(2_400, schools=2), schools=2)
    listeners = generated(catalogue, 60)
    of_artists, of_albums = listeners[:30], listeners[30:]
    assert len(of_albums) == len(of_artists)
    for group, own, others in (
        ("artist_name", of_artists, of_albums),
        ("album_id", of_albums, of_artists),
    ):
        assert tracks_per(catalogue[group], own) > 1.5 * tracks_per(catalogue[group], others)


@pytest.mark.parametrize("gap", [None, np.nan, "", pd.NA])
def test_one_missing_album_id_leaves_out_all_albums(gap: object) -> None:
    """Where only some rows have an album, that identifies their source."""
    catalogue = worlds.catalogue(600)
    whole = worlds.with_albums(catalogue).sample(frac=1, random_state=2)
    tracks = Catalogue.from_frame(whole)
    groups = albums(whole, tracks)
    assert groups is not None
    in_order = whole.sort_values("track_id")["album_id"]
    assert pd.Series(groups.codes).groupby(in_order.to_numpy()).nunique().eq(1).all()
    assert len(groups.sizes) == in_order.nunique()
    assert albums(catalogue, tracks) is None
    gapped = whole.assign(album_id=whole["album_id"].astype(object).mask(whole.index == 7, gap))
    assert albums(gapped, tracks) is None
