"""Candidates are near the listener's tracks, and none is known to the listener under any id."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ml.dataset.catalogue import Catalogue
from ml.dataset.profiles import ListenerProfile, listener_profiles
from ml.pairs.peers import Interactions
from ml.retrieval.candidates import MAX_CANDIDATES, candidates
from ml.retrieval.clusters import centres
from ml.retrieval.index import open_index
from tests.ml import worlds


def found(frame: pd.DataFrame, signal: pd.DataFrame, folder: Path) -> set[str]:
    """Ids of the candidates of the listener `ann`."""
    embedded = worlds.embed(frame)
    known = listener_profiles(embedded.catalogue, signal)
    number, profile = list(known).index("ann"), known["ann"]
    neighbourhood = Interactions.of(embedded, list(known.values())).neighbourhood(
        embedded, profile, number
    )
    rows = candidates(embedded, open_index(embedded.vectors, folder), profile, neighbourhood)
    return set(embedded.catalogue.track_ids[rows])


@pytest.mark.parametrize(
    ("known_as", "hidden"),
    [
        ({"track_id": "t00010"}, "t00010"),
        ({"track_id": "elsewhere", "isrc": "ISRC00011"}, "t00011"),
        ({"track_name": "Song 12 - 2009 Remaster", "artist_name": "ARTIST 2"}, "t00012"),
    ],
)
def test_a_track_known_by_id_isrc_or_song_is_no_candidate(
    known_as: dict[str, str], hidden: str, tmp_path: Path
) -> None:
    frame = worlds.catalogue(300)
    frame.loc[frame["track_id"] == "t00012", "artist_name"] = "Artist 2"
    signal = worlds.signal(frame, ann=["t00100", "t00101"])
    assert hidden in found(frame, signal, tmp_path)
    unknown = {"user_id": "ann", "track_id": "x", "strength": 1.0}
    more = pd.DataFrame([unknown | known_as])
    assert hidden not in found(frame, pd.concat([signal, more]), tmp_path)


def test_other_ids_of_a_known_track_are_known(tmp_path: Path) -> None:
    frame = worlds.catalogue(300)
    twin = frame[frame["track_id"] == "t00010"].assign(track_id="twin", track_name="Song 10 (Live)")
    frame = pd.concat([frame, twin])
    assert "twin" not in found(frame, worlds.signal(frame, ann=["t00010"]), tmp_path)


def test_far_tracks_by_the_listeners_artists_are_candidates(tmp_path: Path) -> None:
    frame = worlds.catalogue(12_000)
    liked, far = "t00000", "t11999"
    frame.loc[frame["track_id"] == far, "artist_name"] = frame["artist_name"].iloc[0]
    signal = worlds.signal(frame, ann=[liked])
    near = found(frame, signal, tmp_path)
    assert far in near
    assert len(near) < 6_000


def test_a_track_is_located_by_id_then_isrc_then_song() -> None:
    frame = worlds.catalogue(40)
    catalogue = Catalogue.from_frame(frame)
    tracks = frame.iloc[[3, 5, 7]].assign(
        track_id=["t00003", "x", "y"], isrc=["ISRC00009", "ISRC00005", None]
    )
    tracks["track_name"] = ["Song 1", "Song 1", "Song 7 - Live"]
    assert catalogue.locate(tracks)["row"].tolist() == [3, 5, 7]


def test_centres_follow_the_weights() -> None:
    points = np.array([[0.0, 0], [0, 1], [10, 0], [10, 1]], dtype=np.float32)
    middles = centres(points, np.array([3.0, 1, 1, 1]), 2)
    assert sorted(middles.tolist()) == [[0.0, 0.25], [10.0, 0.5]]
    assert len(centres(points[:1], np.ones(1), 6)) == 1


def test_a_profile_has_one_row_per_song_and_counts_tracks_outside_the_catalogue() -> None:
    frame = worlds.catalogue(40)
    signal = worlds.signal(frame, ann=["t00003", "elsewhere"])
    signal.loc[1, ["track_name", "artist_name"]] = ["Rarity", frame["artist_name"].iloc[3]]
    profile: ListenerProfile = listener_profiles(Catalogue.from_frame(frame), signal)["ann"]
    assert profile.rows.tolist() == [3]
    assert profile.artist_tracks.tolist() == [2]


def test_a_catalogue_without_any_isrc_is_read() -> None:
    frame = worlds.catalogue(10).assign(isrc=np.nan)
    assert (Catalogue.from_frame(frame).isrcs == -1).all()


def test_an_artist_without_a_known_track_is_represented_by_the_most_typical_one() -> None:
    frame = worlds.catalogue(40).head(3).assign(artist_name="Low")
    signal = worlds.signal(frame, ann=["elsewhere"]).assign(artist_name="Low", track_name="Rarity")
    catalogue = Catalogue.from_frame(frame)
    vectors = np.array([[9.0, 0], [1, 0], [0, 0]], dtype=np.float32)
    profile = listener_profiles(catalogue, signal)["ann"].with_typical_tracks(catalogue, vectors)
    assert profile.uses_typical_tracks
    assert profile.rows.tolist() == [1]
    assert not profile.is_new(catalogue, np.array([1]))[0]


def test_a_track_id_that_occurs_twice_is_refused() -> None:
    frame = worlds.catalogue(10)
    with pytest.raises(ValueError, match="occurs twice"):
        Catalogue.from_frame(pd.concat([frame, frame.head(1)]))


def test_an_artist_of_thousands_of_tracks_leaves_room_for_others(tmp_path: Path) -> None:
    """Candidates: the nearest by the largest artist, those by the next artist, and neighbours."""
    frame = worlds.catalogue(12_000, schools=1)
    frame.loc[:5_999, "artist_name"] = "Prolific"
    frame.loc[6_000:6_099, "artist_name"] = "Other"
    signal = worlds.signal(frame, ann=["t00000", "t00001", "t06000"])
    ids = found(frame, signal, tmp_path)
    by = frame.set_index("track_id").loc[list(ids), "artist_name"]
    assert (by == "Other").sum() > 10
    assert (~by.isin(["Prolific", "Other"])).sum() > 500


class Nowhere:
    """An index without tracks: only candidates by artist or song are found."""

    def neighbours(self, point: np.ndarray, count: int) -> np.ndarray:
        return np.empty(0, dtype=np.int64)


def test_a_large_artist_leaves_room_for_the_tracks_of_a_second_one() -> None:
    frame = worlds.catalogue(6_000, schools=1)
    frame.loc[:4_999, "artist_name"] = "Prolific"
    frame.loc[5_000:5_099, "artist_name"] = "Other"
    signal = worlds.signal(frame, ann=["t00000", "t00001", "t05000"])
    other = set(frame["track_id"][5_000:5_100])
    embedded = worlds.embed(frame)
    profile = listener_profiles(embedded.catalogue, signal)["ann"]
    neighbourhood = Interactions.of(embedded, []).neighbourhood(embedded, profile)
    ids = set(embedded.catalogue.track_ids[candidates(embedded, Nowhere(), profile, neighbourhood)])
    assert other - {"t05000"} <= ids


def test_at_most_five_thousand_with_those_by_artist_or_song_first(tmp_path: Path) -> None:
    """One of the listener's artists has 1,000 tracks; the nearest others fill the rest."""
    frame = worlds.catalogue(12_000, schools=1)
    frame.loc[:999, "artist_name"] = "Prolific"
    signal = worlds.signal(frame, ann=["t00000", *frame["track_id"][2_000::100]])
    ids = found(frame, signal, tmp_path)
    assert len(ids) == MAX_CANDIDATES
    assert set(frame["track_id"][1:1_000]) <= ids
