"""Artists that titles name in addition to the first artist."""

import numpy as np
import pandas as pd

from ml.dataset.catalogue import Catalogue
from ml.dataset.credits import CREDIT_FEATURES, Credits
from ml.dataset.profiles import NO_PROFILE, profile_of_rows
from tests.ml import worlds

TITLES = {
    "Ann": ["Sun (feat. Bob & Cleo)", "Moon", "Rain"],
    "Bob": ["Sea", "Sun", "Hill - Dee Remix"],
    "Cleo": ["Wind ft. Nobody Known", "Snow", "Ice"],
    "Dee": ["Fire", "Ash", "Live with It"],
    "Eve": ["Stone", "Sand", "Sky"],
}


def made() -> tuple[Catalogue, Credits]:
    frame = worlds.catalogue(15).assign(
        artist_name=np.repeat(list(TITLES), 3), track_name=np.concatenate(list(TITLES.values()))
    )
    catalogue = Catalogue.from_frame(frame)
    return catalogue, Credits.of(catalogue)


def features(likes: list[int]) -> pd.DataFrame:
    catalogue, named = made()
    profile = profile_of_rows(catalogue, np.array(likes)) if likes else NO_PROFILE
    values = named.features(catalogue, profile, np.arange(len(catalogue)))
    return pd.DataFrame(values, columns=pd.Index(CREDIT_FEATURES))


def test_guests_and_remixers_are_found_and_unknown_names_are_not() -> None:
    catalogue, named = made()
    tracks, artists = named.named.nonzero()
    found = sorted(zip(tracks.tolist(), catalogue.artist_index[artists], strict=True))
    assert found == [(0, "bob"), (0, "cleo"), (5, "dee")]


def test_a_track_with_an_artist_that_the_listener_plays() -> None:
    values = features([6, 7])  # two of Cleo's
    assert values["guests_played"].to_numpy().nonzero()[0].tolist() == [0]
    assert values.loc[0, "guests_played"] == np.float32(np.log1p(2))
    assert (values["guests_partners"] > 0).to_numpy().nonzero()[0].tolist() == [0, 1, 2]  # Ann


def test_an_artist_that_the_listeners_titles_name() -> None:
    values = features([0])  # Ann's Sun, with Bob and Cleo
    assert (values["guests_met"] > 0).to_numpy().nonzero()[0].tolist() == [3, 4, 5, 6, 7, 8]


def test_all_are_zero_for_a_listener_without_tracks() -> None:
    assert not features([]).to_numpy().any()
