"""The files of an export become plays and quarantine, without personal fields."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingestion import destinations
from ingestion.landing import Landing
from ingestion.load import Bronze
from ingestion.streaming_history.capture import CapturedFile, HistoryCapture
from ingestion.streaming_history.files import find_histories
from ingestion.streaming_history.listeners import imported_listeners
from ingestion.streaming_history.load import LoadedFile, load_history
from tests.exports import PLANTED, PLANTED_IP, episode, export, written, zipped

NAME = "Streaming_History_Audio_2023_1.json"
SONG = {
    "ts": "2023-03-20T01:21:33Z",
    "ms_played": 210_000,
    "spotify_track_uri": "spotify:track:7lmeHLHBe4nmXzuXc0HDjk",
    "master_metadata_track_name": "Testify",
    "master_metadata_album_artist_name": "Rage",
    "master_metadata_album_album_name": "The Battle",
    "skipped": None,
    "shuffle": True,
    "offline_timestamp": 1_679_275_293,
    "ip_addr": PLANTED_IP,
}
Rows = list[dict[str, Any]]


class World:
    """Landing and Bronze in a folder, and imports into them."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.landing = Landing(str(home / "landing"))
        self.bronze = Bronze(destinations.duckdb(home / "sonic.duckdb"), home / "dlt" / "pipelines")

    def capture(
        self, *paths: Path, user_id: str = "anna", time_zone: str = "UTC"
    ) -> list[CapturedFile]:
        capture = HistoryCapture(self.landing, user_id)
        captured = capture.add(find_histories(paths).histories, lambda *_: None)
        capture.finish(time_zone)
        return captured

    def load(self) -> dict[str, LoadedFile]:
        return load_history(self.bronze, self.landing)

    def imported(self, *paths: Path, user_id: str = "anna") -> dict[str, int]:
        """Import paths; return how many items were kept, and skipped by reason."""
        captured = self.capture(*paths, user_id=user_id)
        loaded = self.load()
        counts = {"kept": sum(each.kept for each in loaded.values())}
        for file in captured:
            skipped = loaded[file.path].skipped if file.path else {file.skipped: file.count_items}
            for reason, count in skipped.items():
                counts[str(reason)] = counts.get(str(reason), 0) + count
        return counts

    def rows(self, table: str = "streaming_history_plays") -> Rows:
        query = f"select * exclude (loaded_at) from {table}"
        found: Rows = self.bronze.read("streaming_history", query).to_pylist()
        return sorted(found, key=lambda row: (str(row.get("ended_at")), row["position"]))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "home")


def plays(world: World, tmp_path: Path, *items: Any, name: str = NAME) -> Rows:
    world.imported(written(tmp_path / name, list(items)))
    return world.rows()


def test_a_play_keeps_its_values_and_null_is_not_false(world: World, tmp_path: Path) -> None:
    (row,) = plays(world, tmp_path, SONG)
    expected = {
        "user_id": "anna",
        "kind": "extended_audio",
        "ended_at": datetime(2023, 3, 20, 1, 21, 33, tzinfo=UTC),
        "ms_played": 210_000,
        "content_type": "track",
        "track_id": "7lmeHLHBe4nmXzuXc0HDjk",
        "album_name": "The Battle",
        "is_shuffle": True,
        "is_skipped": None,
        "is_offline": None,
        "offline_at": datetime(2023, 3, 20, 1, 21, 33, tzinfo=UTC),
        "position": 0,
    }
    assert {name: row[name] for name in expected} == expected
    assert row["source_file"].startswith("anna/streaming_history/")


def test_offline_times_are_seconds_or_milliseconds_by_their_size(
    world: World, tmp_path: Path
) -> None:
    forms = [1_679_275_293, 1_679_275_293_000, "1679275293", 0, None, -1, 2**62, "never"]
    items = [SONG | {"offline_timestamp": form, "ms_played": n} for n, form in enumerate(forms)]
    rows = plays(world, tmp_path, *items)
    instant = datetime(2023, 3, 20, 1, 21, 33, tzinfo=UTC)
    assert [row["offline_at"] for row in rows] == [instant] * 3 + [None] * 5


ACCOUNT = {"endTime": "2023-03-20 01:21", "msPlayed": 5}
KINDS: dict[str, tuple[str, dict[str, Any], tuple[str | None, ...]]] = {
    "Streaming_History_Video_2023.json": (
        "extended_video",
        SONG,
        ("track", "Testify", "Rage", None),
    ),
    "endsong_0.json": ("endsong", SONG, ("track", "Testify", "Rage", None)),
    "StreamingHistory_music_0.json": (
        "account_music",
        ACCOUNT | {"artistName": "Rage", "trackName": "Testify"},
        ("track", "Testify", "Rage", None),
    ),
    "StreamingHistory0.json": (
        "account_music",
        ACCOUNT | {"artistName": "Muse", "trackName": "Uprising"},
        ("track", "Uprising", "Muse", None),
    ),
    "StreamingHistory_podcast_0.json": (
        "account_podcast",
        ACCOUNT | {"podcastName": "Fade", "episodeName": "One"},
        ("episode", None, None, "Fade"),
    ),
    "StreamingHistory_audiobook_0.json": (
        "account_audiobook",
        ACCOUNT | {"audiobookName": "Tale", "chapterName": "I", "authorName": "Ann"},
        ("audiobook", None, "Ann", "Tale"),
    ),
    "Streaming_History_Audio_2024.json": (
        "extended_audio",
        {"ts": "2024-01-01T00:00:00Z", "ms_played": 1, "audiobook_title": "Tale"},
        ("audiobook", None, None, "Tale"),
    ),
    "renamed.json": ("extended_audio", SONG, ("track", "Testify", "Rage", None)),
    "Streaming_History_Audio_2012.json": (
        "extended_audio",
        episode("2012-01-01T00:00:00Z"),
        ("episode", None, None, "The Long Fade"),
    ),
}


def test_every_kind_of_file_is_recognised_and_read(world: World, tmp_path: Path) -> None:
    for name, (_, item, _) in KINDS.items():
        alone = {"ms_played": len(name)} if "ms_played" in item else {}
        written(tmp_path / "export" / name, [item | alone])
    world.imported(tmp_path / "export")
    columns = ("kind", "content_type", "track_name", "artist_name", "show_name")
    found = {tuple(row[column] for column in columns) for row in world.rows()}
    assert found == {(kind, *names) for kind, _, names in KINDS.values()}


BAD = {
    "not an object": "text",
    "no time": {"ms_played": 1},
    "time is not readable": SONG | {"ts": "2023-13-01T00:00:00Z"},
    "time is not from 2006 to 2037": SONG | {"ts": "1970-01-01T00:00:00Z"},
    "no ms_played": SONG | {"ms_played": None},
    "ms_played is not a whole number": SONG | {"ms_played": "long"},
    "ms_played is negative": SONG | {"ms_played": -1},
}


def test_an_invalid_item_is_quarantined_with_its_reason_and_blocks_nothing(
    world: World, tmp_path: Path
) -> None:
    path = written(tmp_path / NAME, [SONG, *BAD.values()])
    assert world.imported(path) == {"kept": 1, **dict.fromkeys(BAD, 1)}
    quarantined = world.rows("quarantine")
    assert [(row["reason"], row["position"]) for row in quarantined] == [
        (reason, position) for position, reason in enumerate(BAD, 1)
    ]
    assert {row["user_id"] for row in quarantined} == {"anna"}


BROKEN = {
    "empty": b"",
    "not a JSON array": b'{"ts": 1}',
    "cut short": json.dumps([SONG, SONG]).encode()[:-20],
    "broken JSON": json.dumps([SONG, SONG]).replace('"ms_played": 210000', "!").encode() + b"]",
}


def test_each_broken_file_has_a_reason_and_stops_no_other(world: World, tmp_path: Path) -> None:
    files = {f"endsong_{number}.json": body for number, body in enumerate(BROKEN.values())}
    path = export(tmp_path / "x.zip", {NAME: [SONG]} | files)
    for _ in range(2):
        broken = [each.skipped or "" for each in world.capture(path) if each.is_broken]
        assert all(map(str.startswith, broken, BROKEN)), broken
        assert len(broken) == len(BROKEN)
        world.load()
    assert len(world.rows()) == 1
    found = [(row["item"].rsplit("/")[-1], row["reason"]) for row in world.rows("quarantine")]
    assert sorted(name for name, _ in found) == list(files)
    assert {reason for _, reason in found} == {
        f"the file cannot be read: {each}" for each in broken
    }


def test_invalid_unicode_in_a_title_is_replaced_and_the_file_is_read(
    world: World, tmp_path: Path
) -> None:
    bad = json.dumps([SONG | {"master_metadata_track_name": "A\ud800"}, episode(SONG["ts"])])
    world.imported(written(tmp_path / NAME, bad.encode()))
    assert [row["track_name"] for row in world.rows()] == ["A?", None]


def test_a_damaged_member_of_a_zip_is_reported_and_stops_no_other(
    world: World, tmp_path: Path
) -> None:
    path = zipped(tmp_path / "x.zip", {NAME: [SONG] * 50, "endsong_0.json": [SONG]})
    content = bytearray(path.read_bytes())
    content[200] ^= 0xFF
    path.write_bytes(content)
    assert world.imported(path) == {
        "kept": 1,
        "damaged or not readable; unpack or download it again": 0,
    }


@pytest.mark.parametrize("again", ["the same zip", "unpacked", "longer"])
def test_importing_again_adds_no_row_twice(world: World, tmp_path: Path, again: str) -> None:
    later = SONG | {"ts": "2023-03-21T00:00:00Z"}
    path = export(tmp_path / "1.zip", {NAME: [SONG, episode(SONG["ts"])]})
    assert world.imported(path) == {"kept": 2}
    if again == "unpacked":
        path = written(tmp_path / "folder" / "x" / NAME, [SONG, episode(SONG["ts"])]).parent.parent
    elif again == "longer":
        path = export(tmp_path / "2.zip", {NAME: [later, SONG, episode(SONG["ts"])]})
    kept = int(again == "longer")
    assert world.imported(path) == {"kept": kept, "imported before": 2}
    assert len(world.rows()) == 2 + kept


def test_duplicates_in_one_export_are_one_play(world: World, tmp_path: Path) -> None:
    video = "Streaming_History_Video_2023.json"
    other = SONG | {"spotify_track_uri": "spotify:track:x"}
    path = export(tmp_path / "1.zip", {NAME: [SONG, SONG, other], video: [SONG]})
    copy = written(tmp_path / "copy.json", [SONG])
    assert world.imported(path, copy) == {"kept": 2, "twice in the export": 3}


def test_plays_of_two_listeners_and_of_two_families_are_not_the_same(
    world: World, tmp_path: Path
) -> None:
    account = [ACCOUNT | {"artistName": "Rage", "trackName": "Testify"}]
    path = export(tmp_path / "1.zip", {NAME: [SONG], "StreamingHistory_music_0.json": account})
    assert world.imported(path) == world.imported(path, user_id="ben") == {"kept": 2}


def test_a_replay_gives_the_same_rows_and_counts(world: World, tmp_path: Path) -> None:
    world.imported(written(tmp_path / "1.json", [SONG, 5, SONG]))
    world.imported(written(tmp_path / "2.json", [SONG | {"ms_played": 3}, SONG]))
    replayed = World(tmp_path / "again")
    replayed.landing = world.landing
    kept = [each.kept for each in replayed.load().values()]
    assert kept == [1, 1]
    assert replayed.rows() == world.rows()
    assert replayed.rows("quarantine") == world.rows("quarantine")


def test_an_unfinished_import_does_not_count(world: World, tmp_path: Path) -> None:
    path = written(tmp_path / NAME, [SONG])
    HistoryCapture(world.landing, "anna").add(find_histories([path]).histories, lambda *_: None)
    assert world.load() == {}
    assert imported_listeners(world.landing) == []
    assert world.imported(path) == {"kept": 1}


def test_the_newest_import_describes_the_listener(world: World, tmp_path: Path) -> None:
    path = written(tmp_path / NAME, [SONG])
    for zone in ("UTC", "Europe/Berlin"):
        world.capture(path, time_zone=zone)
    (anna,) = imported_listeners(world.landing)
    assert (anna.user_id, anna.display_name, anna.time_zone) == ("anna", None, "Europe/Berlin")


def test_no_personal_field_is_written_anywhere(world: World, tmp_path: Path) -> None:
    personal = {"username": PLANTED[2], "user_agent_decrypted": PLANTED[1], "ip_addr": PLANTED_IP}
    items = [SONG | personal, SONG | personal | {"ms_played": None}, {"ip_addr": PLANTED_IP}]
    broken = json.dumps(items)[:-9].encode() + b"]"
    world.imported(export(tmp_path / "1.zip", {NAME: items, "endsong_0.json": broken}))
    assert len(world.rows()) == 1
    assert len(world.rows("quarantine")) == 3
    written_files = [path for path in world.home.rglob("*") if path.is_file()]
    text = b"".join(path.read_bytes() for path in written_files) + repr(world.rows()).encode()
    text += repr(world.rows("quarantine")).encode()
    # Parquet and DuckDB compress, so the values in landing are searched, too.
    pages = [page for run in world.landing.manifests("streaming_history") for page in run.pages]
    for page in pages:
        if page.path.endswith(".parquet"):
            path = world.home / "landing" / page.path
            text += repr(duckdb.sql(f"from '{path}'").fetchall()).encode()
    assert not [value for value in PLANTED if value.encode() in text]
