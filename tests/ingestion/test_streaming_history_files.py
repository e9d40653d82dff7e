"""Which of the given files are histories."""

import zipfile
from pathlib import Path

import pytest

from ingestion.errors import InputError
from ingestion.streaming_history.files import find_histories, kind_of
from tests.exports import export, written, zipped

HISTORY = "Streaming_History_Audio_2023_1.json"
NAMES = {
    "Streaming_History_Audio_2012-2014_0.json": "extended_audio",
    "Streaming_History_Audio_2023_1 (1).json": "extended_audio",
    "Streaming_History_Video_2020-2024.json": "extended_video",
    "endsong_12.json": "endsong",
    "endsong.json": "endsong",
    "StreamingHistory3.json": "account_music",
    "StreamingHistory_music_0.json": "account_music",
    "StreamingHistory_podcast_0.json": "account_podcast",
    "StreamingHistory_audiobook_0.json": "account_audiobook",
    "SearchQueries.json": None,
    "Playlist1.json": None,
}


@pytest.mark.parametrize("name", NAMES)
def test_the_name_decides_for_an_empty_history(name: str) -> None:
    assert kind_of(name, b"[]") == NAMES[name]


def test_the_content_of_a_file_wins_over_its_name() -> None:
    account = b'[{"endTime": "2023-03-20 01:21", "podcastName": "Fade", "msPlayed": 1}]'
    assert kind_of(HISTORY, account) == "account_podcast"
    assert kind_of("plays.json", b'[{"ts": "2023", "ms_played": 1}]') == "extended_audio"


def test_folders_with_zips_and_files_are_searched(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    export(
        tmp_path / "a" / "1.zip",
        {
            HISTORY: [],
        },
    )
    written(tmp_path / "a" / "b" / "endsong_0.json", [])
    written(tmp_path / "a" / "b" / "notes.txt", b"")
    single = written(tmp_path / "endsong_1.json", [])
    found = find_histories([tmp_path / "a", single, single])
    assert [file.name.rsplit("/", 1)[-1] for file in found.histories] == [
        HISTORY,
        "endsong_0.json",
        "endsong_1.json",
    ]
    assert [name.rsplit("/", 1)[-1] for name in found.others] == [
        "ReadMeFirst_ExtendedStreamingHistory.pdf",
        "Userdata.json",
        "notes.txt",
    ]


def test_extra_files_of_macos_are_no_history(tmp_path: Path) -> None:
    files = {HISTORY: [], f"__MACOSX/._{HISTORY}": b"\x00\x05\x16\x07"}
    found = find_histories([zipped(tmp_path / "x.zip", files)])
    assert len(found.histories) == len(found.others) == 1


def test_a_name_with_a_line_break_stays_on_one_line(tmp_path: Path) -> None:
    found = find_histories([zipped(tmp_path / "x.zip", {HISTORY: [], "a\nb.txt": b""})])
    assert found.others == ["x.zip/a?b.txt"]


def test_nothing_is_unpacked(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {f"deep/{HISTORY}": [{"ts": "x", "ms_played": 1}]})
    (file,) = find_histories([path]).histories
    with file.open() as stream:
        assert b"ms_played" in stream.read()
    assert list(tmp_path.iterdir()) == [path]


def test_a_zip_without_a_history_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Userdata.json", "{}")
    with pytest.raises(InputError, match=r"x\.zip: no streaming history"):
        find_histories([path])
