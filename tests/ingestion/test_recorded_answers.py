"""Every recorded answer of Spotify is parsed: each item is a row or quarantined with a reason."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingestion.landing import LandedPage
from ingestion.rows import Rows
from ingestion.spotify.parse import parse_page
from ingestion.tables import SPOTIFY

TRACKS, ARTISTS = {"kind": "tracks", "term": "short_term"}, {"kind": "artists", "term": "long_term"}
SNAPSHOT = {"playlist_id": "p", "snapshot_id": "s"}


def whole(body: Any) -> Any:
    return body


def listed(body: Any) -> Any:
    return {"items": [body]}


def entries(body: Any) -> Any:
    return body.get("items") or body["tracks"]


# file, data type, context, which part of it is the page, the table, its rows
ANSWERS: list[tuple[str, str, dict[str, str], Callable[[Any], Any], str, int]] = [
    ("album_tracks", "objects", {}, whole, "spotify_tracks", 18),
    ("artist", "objects", {}, whole, "spotify_artists", 1),
    ("audio_features", "objects", {}, whole, "quarantine", 1),
    ("current_user", "profile", {}, whole, "spotify_profiles", 1),
    ("current_user_playlist_1", "playlists", {}, whole, "spotify_playlists", 48),
    ("episode", "objects", {}, whole, "quarantine", 1),
    ("followed_artists", "followed_artists", {}, whole, "spotify_followed_artists", 48),
    ("get_album", "objects", {}, whole, "spotify_albums", 1),
    ("get_album", "objects", {}, lambda body: body["tracks"], "spotify_tracks", 11),
    ("playlist_1", "playlists", {}, listed, "spotify_playlists", 1),
    ("playlist_1", "playlist_items", SNAPSHOT, entries, "spotify_playlist_items", 1),
    ("playlist_2", "playlists", {}, listed, "spotify_playlists", 1),
    ("playlist_2", "playlist_items", SNAPSHOT, entries, "spotify_playlist_items", 2),
    ("playlist_3", "playlists", {}, listed, "spotify_playlists", 1),
    ("playlist_3", "playlist_items", SNAPSHOT, entries, "spotify_playlist_items", 3),
    ("playlist_items", "playlist_items", SNAPSHOT, whole, "spotify_playlist_items", 1),
    ("playlist_not_found", "playlist_items", SNAPSHOT, whole, "quarantine", 1),
    ("rate_limit", "plays", {}, whole, "quarantine", 1),
    ("recently_played_tracks", "plays", {}, whole, "spotify_plays", 48),
    ("saved_tracks", "saved_tracks", {}, whole, "spotify_saved_tracks", 48),
    ("search", "objects", {}, lambda body: body["tracks"], "spotify_tracks", 5),
    ("top_artists", "top_items", ARTISTS, whole, "spotify_top_items", 48),
    ("top_tracks", "top_items", TRACKS, whole, "spotify_top_items", 48),
]


@pytest.mark.parametrize(
    ("name", "data_type", "context", "page_of", "table", "count"),
    ANSWERS,
    ids=[f"{answer[0]}-{answer[1]}" for answer in ANSWERS],
)
def test_every_recorded_item_is_a_row_or_quarantined_with_a_reason(
    name: str,
    data_type: str,
    context: dict[str, str],
    page_of: Callable[[Any], Any],
    table: str,
    count: int,
    shared: Path,
) -> None:
    body = page_of(json.loads((shared / "spotify" / "fixtures" / f"{name}.json").read_text()))
    page = LandedPage("anna/x/1.json", data_type, "anna", "2026-05-01T12:00:00+00:00", context)
    rows = Rows("spotify", SPOTIFY)
    rows.begin(page)
    parse_page(body, page, rows)
    tables = rows.tables()
    assert tables[table].num_rows == rows.count_items == count
    quarantined = tables["quarantine"]
    assert quarantined.num_rows == (count if table == "quarantine" else 0)
    assert all(quarantined["reason"].to_pylist())


def test_no_recorded_answer_is_left_out(shared: Path) -> None:
    files = {path.stem for path in (shared / "spotify" / "fixtures").glob("*.json")}
    assert files == {name for name, *_ in ANSWERS}
