"""Keys are equal for versions and spellings of one song, and for nothing else."""

import pandas as pd
import pytest

from ml.dataset.names import Keys


def keys(*songs: tuple[str | None, str | None]) -> list[str]:
    frame = pd.DataFrame(songs, columns=["track_name", "artist_name"])
    return Keys.of(frame.assign(track_id=[f"t{i}" for i in frame.index])).songs.to_pylist()


@pytest.mark.parametrize(
    "version",
    [
        "Déjà Vu",
        "DEJA VU (feat. Jay-Z)",
        "Deja Vu [Live at Wembley]",
        "Deja vu - 2009 Remaster",
        "Deja Vu - Radio Edit",
        "Déjà vu feat. Jay-Z",
    ],
)
def test_versions_are_one_song(version: str) -> None:
    first, second = keys(("Deja Vu", "Beyoncé"), (version, "beyonce"))
    assert first == second


@pytest.mark.parametrize(
    "other",
    [
        ("Part 1", "Beyoncé"),
        ("Deja Vu (Part 2)", "Beyoncé"),
        ("Deja Vu", "Katy B"),
        ("", "Beyoncé"),
    ],
)
def test_other_songs_stay_apart(other: tuple[str, str]) -> None:
    first, second = keys(("Deja Vu", "Beyoncé"), other)
    assert first != second


def test_names_of_symbols_or_other_scripts_are_kept() -> None:
    assert (
        len(set(keys(("???", "!!!"), ("!!!", "!!!"), ("夜に駆ける", "YOASOBI"), ("(Live)", "A"))))
        == 4
    )


def test_tracks_without_an_artists_name_are_not_by_one_artist() -> None:
    frame = pd.DataFrame({"track_id": ["a", "b"], "artist_name": [None, float("nan")]})
    assert Keys.of(frame.assign(track_name="Song")).artists.to_pylist() == ["?a", "?b"]
