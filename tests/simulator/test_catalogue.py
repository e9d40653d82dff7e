"""Catalogues and tastes: generated, written, read from files."""

import gzip
import re
import time
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from simulator import Catalogue, SimulatorConfig
from simulator.api.state import World
from simulator.world.listeners import playlist_tastes
from simulator.world.music import COLUMNS, FEATURES

GIVEN = "0000000000000000000G1R"
SOUND = ".5,.5,1,-5.5,1,.05,.1,0,.1,.5,120"
NO_ENERGY = ".5,,1,-5.5,1,.05,.1,0,.1,.5,0"
TINY = f"""{",".join(COLUMNS)}
00000000000000000000A1,"Plain, really",,,['Ann'],,,,,{SOUND},200000,4,2019,2019
00000000000000000000A2,Quoted,,,"[""Guns N' Roses"", 'Bo']",,,,True,{SOUND},200000,,0,
00000000000000000000A3,Esc,LP,,['Guns N\\' Roses'],['{GIVEN}'],2,1,False,{NO_ENERGY},,4,1987,1987-07
00000000000000000000A4,Also there,LP,,['Guns N\\' Roses'],,1,1,,{SOUND},1000,4,1987,1987-07
00000000000000000000A5,,,,Nobody's list,,,,,{SOUND},1000,,,
"""


@pytest.fixture(scope="module")
def generated() -> Catalogue:
    return Catalogue.generate(3, 6_000)


@pytest.fixture
def tiny(tmp_path: Path) -> Catalogue:
    path = tmp_path / "tracks.csv.gz"
    path.write_bytes(gzip.compress(TINY.encode()))
    return Catalogue.read(path)


def test_a_generated_catalogue_is_varied_and_plausible(generated: Catalogue) -> None:
    frame = generated.frame
    assert frame["id"].is_unique
    assert frame["id"].map(re.compile(r"[0-9A-Za-z]{22}").fullmatch).notna().all()
    assert frame["name"].value_counts().max() <= 4
    assert frame["artist_ids"].nunique() == frame["artists"].nunique() > 300
    assert frame["energy"].corr(frame["loudness"]) > 0.7
    assert frame["energy"].corr(frame["acousticness"]) < -0.5
    assert 0.05 < (frame["artists"].str.count(",") > 0).mean() < 0.2
    unit = [name for name in FEATURES if name not in ("key", "mode", "loudness", "tempo")]
    assert frame[unit].to_numpy().min() >= 0
    assert frame[unit].to_numpy().max() <= 1


def test_tracks_of_an_artist_sound_alike(generated: Catalogue) -> None:
    within = pd.DataFrame(generated.space).groupby(generated.first_artists).var().mean()
    assert (within < 0.8).sum() >= 7


def test_some_recordings_exist_twice(generated: Catalogue) -> None:
    codes = Counter(generated.track(track_id).isrc for track_id in generated.track_ids)
    twice = [code for code, count in codes.items() if count == 2]
    assert len(twice) == 60
    one, other = (generated.track(track_id) for track_id in generated.with_isrc(twice[0]))
    assert one.name == other.name
    assert one.album != other.album


def test_a_written_catalogue_reads_back_the_same(generated: Catalogue, tmp_path: Path) -> None:
    generated.write_csv(tmp_path / "tracks.csv")
    header, first, *_ = (tmp_path / "tracks.csv").read_text().splitlines()
    assert header == ",".join(COLUMNS)
    assert re.search(r"\['.+'\]\"?,\d+,1,(True|False),0\.", first)
    again = Catalogue.read(tmp_path / "tracks.csv")
    for track_id in generated.track_ids[::50]:
        assert again.track(track_id) == generated.track(track_id)
        assert again.features(track_id) == generated.features(track_id)


def test_missing_values_of_a_file_are_derived_stably(tiny: Catalogue, tmp_path: Path) -> None:
    first, second, third, fourth, fifth = map(tiny.track, tiny.track_ids)
    assert [artist.name for artist in second.artists] == ["Guns N' Roses", "Bo"]
    assert second.artists[0] == third.artists[0] == tiny.artist(GIVEN)
    assert tiny.artist(first.artists[0].artist_id) == first.artists[0]
    assert re.fullmatch(r"[0-9A-Za-z]{22}", first.album.album_id)
    assert (first.album.name, first.album.count_tracks) == ("Plain, really", 1)
    assert tiny.album_tracks(third.album.album_id) == [fourth, third]
    assert (first.album.release_date, second.album.release_date) == ("2019", "0000")
    assert (first.is_explicit, second.is_explicit, third.duration_ms) == (False, True, 210_000)
    assert (fifth.name, fifth.artists[0].name, fifth.year) == ("", "Nobody's list", 0)
    assert tiny.features(third.track_id) is None  # energy was not measured
    (tmp_path / "again.csv").write_text(TINY)
    again = Catalogue.read(tmp_path / "again.csv")
    assert list(map(again.track, tiny.track_ids)) == [first, second, third, fourth, fifth]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (TINY.replace("energy", "enérgy", 1), "column 'energy' is missing"),
        (TINY.splitlines()[0] + "\n", "it has no rows"),
        ("id,name\n1,2,3\n", "not a readable CSV file"),
        ("", "not a readable CSV file"),
    ],
)
def test_the_error_of_an_invalid_file_has_its_name_and_reason(
    text: str, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text)
    with pytest.raises(ValueError, match=f"bad.csv: {reason}"):
        Catalogue.read(path)


def test_playlists_become_listeners(generated: Catalogue, tmp_path: Path) -> None:
    rows = ["playlist_id,playlist_name,playlist_genre,playlist_subgenre,track_id,track_popularity"]
    for number, count in enumerate((25, 20, 19, 40)):
        for track_id in [*generated.track_ids[100 * number :][:count], "unknown"]:
            rows.append(f"p{number},List {number},pop,dance pop,{track_id},7")
    path, tracks = tmp_path / "playlists.csv", tmp_path / "tracks.csv"
    path.write_text("\n".join(rows))
    generated.write_csv(tracks)
    world = World(SimulatorConfig(listeners=3, catalogue_path=tracks, playlists_path=path))
    assert sorted(listener.taste.name for listener in world.listeners.values()) == [
        "List 0",
        "List 1",
        "List 3",
    ]
    for user_id, listener in world.listeners.items():
        core = set(listener.taste.core)
        plays = [play.track_id for play in world.history(user_id).until(world.clock)]
        assert sum(track_id in core for track_id in plays) > 0.8 * len(plays)
        main, *_ = world.library(user_id).playlists(world.clock)
        assert main.name == listener.taste.name
        ever = world.library(user_id).items_until(world.clock)[main.playlist_id]
        assert {item.track_id for item in ever} == core
    with pytest.raises(ValueError, match=r"3 playlists have 20 or more tracks .* 4 are"):
        playlist_tastes(generated, 1, 4, path)
    path.write_text(path.read_text().replace("track_id", "track", 1))
    with pytest.raises(ValueError, match=r"playlists.csv: column 'track_id' is missing"):
        playlist_tastes(generated, 1, 1, path)


def test_the_real_files_make_a_world(shared: Path) -> None:
    began = time.process_time()
    world = World(
        SimulatorConfig(
            listeners=30,
            catalogue_path=shared / "data" / "tracks_features.csv.gz",
            playlists_path=shared / "data" / "playlists.csv.gz",
        )
    )
    assert time.process_time() - began < 10  # 2 seconds on an idle machine
    assert len(world.catalogue) == 169_995
    assert all(len(listener.taste.core) >= 20 for listener in world.listeners.values())
    played = world.history(next(iter(world.listeners))).held(world.clock)
    assert all(world.catalogue.track(play.track_id).artists[0].name for play in played)


def test_a_key_that_is_no_isrc_needs_no_search_through_the_catalogue() -> None:
    catalogue = Catalogue.generate(1, 200)
    assert catalogue.with_isrc("4uLU6hMCjMI75M1A2tKUQC") == []
    assert "_isrcs" not in vars(catalogue)
    known = catalogue.track(catalogue.track_ids[0])
    assert known.track_id in catalogue.with_isrc(known.isrc)
