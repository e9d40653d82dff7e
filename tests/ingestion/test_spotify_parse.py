from typing import Any

import pytest

from ingestion.landing import LandedPage
from ingestion.rows import Rows
from ingestion.spotify.parse import parse_page
from ingestion.tables import SPOTIFY

TRACK: dict[str, Any] = {
    "type": "track",
    "id": "t1",
    "uri": "spotify:track:t1",
    "name": "Song",
    "is_local": False,
    "artists": [{"id": "a1", "name": "One"}, {"id": "a2", "name": "Two"}],
    "album": {"id": "b1", "name": "Album", "images": [{"url": "large"}, {"url": "small"}]},
    "duration_ms": 60_000,
    "external_ids": {"isrc": "DE1"},
}
LOCAL = TRACK | {
    "id": None,
    "is_local": True,
    "uri": "spotify:local:x",
    "artists": [],
    "album": None,
}
EPISODE = {"type": "episode", "id": "e1", "uri": "spotify:episode:e1", "name": "Talk"}


def parsed(data_type: str, body: Any, **context: Any) -> dict[str, list[dict[str, Any]]]:
    rows = Rows("spotify", SPOTIFY)
    page = LandedPage("anna/x/1.json", data_type, "anna", "2026-05-01T12:00:00+00:00", context)
    rows.begin(page)
    parse_page(body, page, rows)
    return {name: table.to_pylist() for name, table in rows.tables().items()}


def test_a_play_adds_its_track_album_and_artists() -> None:
    item = {"track": TRACK, "played_at": "2026-05-01T10:00:00.123Z", "context": None}
    tables = parsed("plays", {"items": [item]})
    (play,) = tables["spotify_plays"]
    assert play["played_at"].isoformat() == "2026-05-01T10:00:00.123000+00:00"
    assert (play["user_id"], play["track_id"], play["artist_name"]) == ("anna", "t1", "One")
    assert tables["spotify_tracks"][0]["isrc"] == "DE1"
    assert tables["spotify_albums"][0]["image_url"] == "large"
    positions = [(a["artist_id"], a["position"]) for a in tables["spotify_track_artists"]]
    assert positions == [("a1", 1), ("a2", 2)]
    assert [a["is_full"] for a in tables["spotify_artists"]] == [False, False]


@pytest.mark.parametrize("key", ["item", "track"])
def test_a_playlist_entry_is_the_same_row_in_both_shapes(key: str) -> None:
    body = {"offset": 50, "items": [{key: TRACK, "added_by": {"id": "anna"}, "added_at": None}]}
    (row,) = parsed("playlist_items", body, playlist_id="p", snapshot_id="s")[
        "spotify_playlist_items"
    ]
    assert (row["track_id"], row["position"], row["added_by_id"]) == ("t1", 50, "anna")
    assert row["added_at"] is None


def test_the_offset_counted_by_capture_wins_over_that_of_the_page() -> None:
    body = {"offset": 0, "items": [{"item": TRACK}]}
    (row,) = parsed("playlist_items", body, playlist_id="p", snapshot_id="s", offset=50)[
        "spotify_playlist_items"
    ]
    assert row["position"] == 50


def test_local_episode_and_removed_entries_are_kept_without_a_track() -> None:
    body = {"items": [{"item": LOCAL, "is_local": True}, {"item": EPISODE}, {"item": None}]}
    tables = parsed("playlist_items", body, playlist_id="p", snapshot_id="s")
    kinds = [
        (row["item_type"], row["track_id"], row["track_uri"])
        for row in tables["spotify_playlist_items"]
    ]
    assert kinds == [
        ("track", None, "spotify:local:x"),
        ("episode", None, "spotify:episode:e1"),
        (None, None, None),
    ]
    assert tables["spotify_tracks"] == tables["quarantine"] == []


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (None, "valid dictionary"),
        ({"track": TRACK}, "played_at"),
        ({"track": TRACK, "played_at": "2026-05-01T10:00:00"}, "timezone"),
        ({"track": TRACK | {"name": "\ud800"}, "played_at": "2026-05-01T10:00:00Z"}, "track.name"),
        (
            {"track": TRACK | {"duration_ms": 2**70}, "played_at": "2026-05-01T10:00:00Z"},
            "duration",
        ),
    ],
)
def test_an_invalid_item_is_quarantined_with_its_reason_and_blocks_nothing(
    item: Any, reason: str
) -> None:
    good = {"track": TRACK, "played_at": "2026-05-01T10:00:00Z"}
    tables = parsed("plays", {"items": [good, item, good]})
    assert len(tables["spotify_plays"]) == 2
    (bad,) = tables["quarantine"]
    assert reason in bad["reason"]
    assert (bad["position"], bad["data_type"], bad["user_id"]) == (1, "plays", "anna")


@pytest.mark.parametrize("body", [{}, {"items": None}, {"items": {"a": 1}}, 5, None, "text"])
def test_a_page_without_a_list_is_quarantined(body: Any) -> None:
    assert len(parsed("plays", body)["quarantine"]) == 1


def test_a_misspelt_column_is_an_error() -> None:
    with pytest.raises(KeyError, match="user_idd"):
        Rows("spotify", SPOTIFY).add("spotify_plays", user_idd="anna")
