"""Made-up listeners: tracks of artists that sound alike, and of albums where all are known."""

import numpy as np
import pandas as pd
import pytest

from ml.arrays import Ids
from ml.dataset.catalogue import Catalogue
from ml.embedding.embedded_catalogue import Spaces, learn_scale
from ml.training.synthetic_listeners import MIN_TRACKS, albums, synthetic_listeners
from tests.ml import worlds


def made_up(frame: pd.DataFrame, count: int) -> list[Ids]:
    tracks = Catalogue.from_frame(frame)
    scale = learn_scale(tracks, seed=0)
    columns = scale.track_matrix(tracks)
    spaces = Spaces.learn(scale, tracks, columns, [])
    rng = np.random.default_rng(5)
    return synthetic_listeners(tracks, albums(frame, tracks), columns, spaces, count, rng)


def tracks_per(groups: pd.Series, listeners: list[Ids]) -> float:
    """How many tracks a listener has of a group (an artist, an album) that they have any of."""
    return sum(map(len, listeners)) / sum(groups.iloc[rows].nunique() for rows in listeners)


def test_each_has_tracks_of_artists_that_sound_alike() -> None:
    embedded = worlds.catalogue(30_000)
    school = worlds.school_of(embedded)
    told = made_up(embedded, 40)
    assert all(len(rows) >= MIN_TRACKS for rows in told)
    largest = [school.iloc[rows].value_counts(normalize=True).head(3).sum() for rows in told]
    assert np.mean(largest) > 0.98  # three circles at most; of random tracks .44


def test_each_knows_a_song_once() -> None:
    embedded = worlds.catalogue(2_400)
    twins = embedded.assign(track_name=embedded.groupby("artist_name").cumcount() // 2)
    twins["track_name"] = "Song " + twins["track_name"].astype(str)
    song = twins["artist_name"] + twins["track_name"]
    told = made_up(worlds.with_albums(twins), 60)
    assert all(song.iloc[rows].is_unique for rows in told)
    assert len(np.unique(np.concatenate(told))) > song.nunique()  # any of the twins may be it


def test_one_half_knows_artists_and_the_other_albums() -> None:
    embedded = worlds.with_albums(worlds.catalogue(2_400, schools=2), schools=2)
    told = made_up(embedded, 60)
    of_artists, of_albums = told[:30], told[30:]
    assert len(of_albums) == len(of_artists)
    for group, with_known, others in (
        ("artist_name", of_artists, of_albums),
        ("album_id", of_albums, of_artists),
    ):
        assert tracks_per(embedded[group], with_known) > 1.5 * tracks_per(embedded[group], others)


@pytest.mark.parametrize("gap", [None, np.nan, "", pd.NA])
def test_a_gap_in_the_albums_leaves_them_all_out(gap: object) -> None:
    """Where only some rows tell their album, that is a trait of their source."""
    embedded = worlds.catalogue(600)
    whole = worlds.with_albums(embedded).sample(frac=1, random_state=2)
    tracks = Catalogue.from_frame(whole)
    told = albums(whole, tracks)
    assert told is not None
    in_order = whole.sort_values("track_id")["album_id"]
    assert pd.Series(told.codes).groupby(in_order.to_numpy()).nunique().eq(1).all()
    assert len(told.sizes) == in_order.nunique()
    assert albums(embedded, tracks) is None
    gapped = whole.assign(album_id=whole["album_id"].astype(object).mask(whole.index == 7, gap))
    assert albums(gapped, tracks) is None
