"""The golden world: two days of Bronze, small enough to work out all of Gold by hand.

Three listeners. **ada** in Berlin listens through the night on which 02:00 becomes 03:00. **bob**
in New York listens on the night of 2026-03-08, which loses an hour there. **cid**, in New York too,
never connected: an export has 2025-11-02, when 01:30 came twice. **dee** is not in the registry: a
single play names her.

Day 1 is captured just before UTC midnight on 2026-03-29. Day 2 is captured in the night to the 31st
and changes the past: it has ada's own export of day 1, descriptions of tracks that had only been
named, an un-save, a removal, and plays that continue a session of day 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.dbt import bronze
from tests.dbt.bronze import Rows, utc

LOADING_TAKES = timedelta(minutes=5)
NAMES = {
    "t1": ("One", "First"),
    "t2": ("Two", "Second"),
    "t3": ("Catalogue Three", "Third"),
    "x1": ("Twin", "Fourth"),  # x1 and x2 are one recording
    "x2": ("Twin", "Fourth"),
    "m1": ("Minute", "Fourth"),
    "n1": ("Late", "Newcomer"),
}
LOCAL_FILE = {
    "track_uri": "spotify:local:Ada:Tapes:Engine:90",
    "track_name": "Engine",
    "artist_name": "Ada",
}
NO_TRACK = {"track_uri": None, "track_name": None, "artist_name": None}
BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
LINKS = "https://open.spotify.com"


@dataclass(frozen=True)
class Day:
    """What one run captures and loads, and the recommendations of the Python models."""

    captured_at: datetime
    rows: Mapping[str, Rows]
    recommendations: Rows

    def into(self, warehouse: Path) -> None:
        """Append the day to Bronze, and to the recommendations, in the DuckDB file."""
        for name, rows in self.rows.items():
            unknown = {column for row in rows for column in row} - set(bronze.SCHEMAS[name].names)
            assert not unknown, f"{name} has no {unknown}"
        rows = {
            name: bronze.captured(rows, self.captured_at, f"{self.captured_at:%Y-%m-%d}/{name}")
            for name, rows in self.rows.items()
        }
        bronze.load(warehouse, rows, self.captured_at + LOADING_TAKES)
        bronze.recommend(warehouse, self.recommendations)


def track(track_id: str | None) -> dict[str, Any]:
    """Return the track columns of a play, save or playlist item; None is the local file."""
    if track_id is None:
        return {"track_id": None, **LOCAL_FILE}
    name, artist = NAMES[track_id]
    uri = f"spotify:track:{track_id}"
    return {"track_id": track_id, "track_uri": uri, "track_name": name, "artist_name": artist}


def played(user_id: str, played_at: str, track_id: str | None, **more: Any) -> dict[str, Any]:
    """Return a play as in Spotify's API: its end, without a duration."""
    is_local = track_id is None
    play = {"user_id": user_id, "played_at": utc(played_at), "is_local": is_local}
    return {**play, **track(track_id), **more}


def exported(
    play_id: str, ended_at: str, track_id: str | None, ms_played: int, reasons: str, **more: Any
) -> dict[str, Any]:
    """Return a play of the extended history; `reasons` are those of its start and its end."""
    reason_start, reason_end = reasons.split()
    what = {"play_id": play_id, "user_id": play_id[:3], "kind": "extended_audio"}
    when = {"ended_at": utc(ended_at), "ms_played": ms_played, "position": 0}
    why = {"reason_start": reason_start, "reason_end": reason_end}
    how = {"is_shuffle": False, "is_offline": False, "content_type": "track"}
    return {**what, **when, **why, **how, **track(track_id), **more}


def saved(user_id: str, track_id: str, added_at: str | None) -> dict[str, Any]:
    named = track(track_id) if track_id in NAMES else {"track_id": track_id}
    return {"user_id": user_id, **named, "added_at": added_at and utc(added_at)}


def mix(snapshot_id: str, *entries: dict[str, Any]) -> Rows:
    """Return the entries of the playlist, as captured by both of its members."""
    place = {"playlist_id": "mix", "snapshot_id": snapshot_id}
    return [
        {"user_id": user_id, **place, "position": position, **entry}
        for user_id in ("ada", "bob")
        for position, entry in enumerate(entries)
    ]


def entry(track_id: str | None, added_by: str | None, added_at: str | None) -> dict[str, Any]:
    when = {"added_by_id": added_by, "added_at": added_at and utc(added_at)}
    return {"item_type": "track", "is_local": track_id is None, **track(track_id), **when}


def playlist(user_id: str, snapshot_id: str, name: str) -> dict[str, Any]:
    """Return the playlist as one of its members sees it."""
    what = {"user_id": user_id, "playlist_id": "mix", "playlist_name": name, "owner_id": "ada"}
    flags = {"is_public": False, "is_collaborative": True, "is_readable": True}
    return {**what, **flags, "snapshot_id": snapshot_id, "count_items": 6}


def full_sync(user_id: str, started_at: str, count: int, snapshot_id: str | None) -> dict[str, Any]:
    """Return a full sync of the playlist, or of the saves if there is no snapshot."""
    read = {"user_id": user_id, "started_at": utc(started_at), "count_items": count}
    if snapshot_id is None:
        return {**read, "data_type": "saved_tracks"}
    place = {"playlist_id": "mix", "snapshot_id": snapshot_id}
    return {**read, "data_type": "playlist_items", **place}


def top(kind: str, term: str, *item_ids: str) -> Rows:
    ranked = enumerate(item_ids, start=1)
    return [
        {"user_id": "ada", "kind": kind, "term": term, "rank": rank, "item_id": item_id}
        | {"item_name": f"Top {item_id}"}
        for rank, item_id in ranked
    ]


def measured(values: str) -> dict[str, float]:
    """Read the nine measures in the order of their names."""
    measures = (
        "acousticness danceability energy instrumentalness liveness loudness speechiness tempo "
        "valence"
    )
    return dict(zip(measures.split(), map(float, values.split()), strict=True))


EPISODE = {"item_type": "episode", "track_id": "e1", "is_local": False, "added_by_id": "ada"}
GONE = {"item_type": None, "track_id": None, "is_local": False, "added_by_id": "ada"}
ZONES: Rows = [
    {
        "time_zone": zone,
        "valid_from": utc(start),
        "valid_to": utc(end),
        "offset_minutes": offset,
    }
    for zone, start, end, offset in [
        (BERLIN, "2025-10-26 01:00", "2026-03-29 01:00", 60),
        (BERLIN, "2026-03-29 01:00", "2026-10-25 01:00", 120),
        (NEW_YORK, "2025-03-09 07:00", "2025-11-02 06:00", -240),
        (NEW_YORK, "2025-11-02 06:00", "2026-03-08 07:00", -300),
        (NEW_YORK, "2026-03-08 07:00", "2026-11-01 06:00", -240),
    ]
]
ADA = {
    "user_id": "ada",
    "display_name": "Ada",
    "time_zone": BERLIN,
    "app_id": "app-1",
    "connected_at": utc("2026-01-15 10:00"),
    "token_state": "active",
}
BOB = {
    "user_id": "bob",
    "time_zone": NEW_YORK,
    "app_id": "app-2",
    "connected_at": utc("2026-02-01 12:30"),
    "token_state": "active",
}
CID = {"user_id": "cid", "time_zone": NEW_YORK, "token_state": "imported"}

DAY_1 = Day(
    captured_at=utc("2026-03-29 23:45"),
    rows={
        "sonic_listeners": [ADA, BOB, CID],
        # 01:50 on the 30th in Berlin, 19:50 on the 29th in New York.
        "sonic_run_clock": [{"run_id": "run-1", "as_of": utc("2026-03-29 23:50")}],
        "sonic_time_zone_offsets": ZONES,
        "spotify_profiles": [
            # The registry's name of ada comes before the profile's.
            {"user_id": "ada", "display_name": "Ada L.", "country": "DE", "product": "premium"}
            | {"image_url": "https://i/ada", "spotify_url": f"{LINKS}/user/ada"},
            {"user_id": "bob", "display_name": "Bob", "country": "US"},
        ],
        "spotify_plays": [
            played("ada", "2026-03-24 12:00", "t2"),
            # 02:00 becomes 03:00 in Berlin at 01:00 UTC.
            played("ada", "2026-03-29 00:45", "t1"),
            played("ada", "2026-03-29 00:59:59", "t2"),
            played("ada", "2026-03-29 01:00", "t3"),
            played("ada", "2026-03-29 01:00", "t3"),  # two captures overlap
            # Fifty minutes without a play: the export has one that Spotify no longer lists.
            played("ada", "2026-03-29 10:00", "x1", context_uri="spotify:album:b2"),
            played("ada", "2026-03-29 10:50", "t1"),
            # 60 s on repeat: each end is as near to the next start.
            played("ada", "2026-03-29 12:01:00.420", "m1"),
            played("ada", "2026-03-29 12:02:00.420", "m1"),
            played("ada", "2026-03-29 12:03:00.420", "m1"),
            played("ada", "2026-03-29 14:00", None),
            # Over midnight in Berlin.
            played("ada", "2026-03-29 21:50", "t2"),
            played("ada", "2026-03-29 22:10", "t1"),
            # The session goes on in day 2, over midnight UTC.
            played("ada", "2026-03-29 23:40", "t3"),
            # 02:00 becomes 03:00 in New York at 07:00 UTC.
            played("bob", "2026-03-08 06:59:30", "t2"),
            played("bob", "2026-03-08 07:04", "t1"),
            played("bob", "2026-03-29 15:00", "x1", context_uri="spotify:playlist:gone"),
            played("dee", "2026-03-29 12:00", "t1"),
        ],
        "spotify_saved_tracks": [
            saved("ada", "t1", "2026-03-10 08:00"),
            saved("ada", "t2", "2026-03-11 07:30"),
            # Undated, and no source describes it.
            saved("ada", "s9", None) | {"track_name": "Saved Nine"},
            saved("bob", "t2", "2026-03-11 08:00"),
        ],
        "spotify_playlists": [
            playlist("ada", "s1", "Mix"),
            playlist("bob", "s1", "Mix as bob sees it"),
            {"user_id": "ada", "playlist_id": "radio", "playlist_name": "Radio"}
            | {"owner_id": "spotify", "is_collaborative": False, "is_readable": False}
            | {"description": "For ada", "image_url": "https://i/radio", "count_items": 50}
            | {"spotify_url": f"{LINKS}/playlist/radio"},
        ],
        "spotify_playlist_items": mix(
            "s1",
            entry("t2", "ada", "2026-03-01 23:30"),
            entry("t3", None, None),  # so old that it says neither when nor by whom
            entry("t1", "bob", "2026-03-08 06:30"),
            EPISODE,
            GONE,
            entry(None, "ada", "2026-03-01 23:30"),
        ),
        "spotify_full_passes": [
            full_sync("ada", "2026-03-29 23:44", 3, None),
            full_sync("ada", "2026-03-29 23:44", 6, "s1"),
            full_sync("bob", "2026-03-29 23:44", 6, "s1"),
        ],
        "spotify_top_items": [
            *top("tracks", "short_term", "t1", "t7"),
            *top("tracks", "long_term", "t2"),
            *top("artists", "short_term", "a1", "a8"),
        ],
        "spotify_followed_artists": [
            {"user_id": "ada", "artist_id": "a7", "artist_name": "Followed"}
        ],
        "spotify_capture_gaps": [
            {
                "user_id": "ada",
                "gap_start": utc("2026-03-29 10:00"),
                "gap_end": utc("2026-03-29 10:50"),
            },
            {
                "user_id": "bob",
                "gap_start": utc("2026-03-08 07:04"),
                "gap_end": utc("2026-03-29 15:00"),
            },
        ],
        "spotify_tracks": [
            {"track_id": "t1", "track_name": "One", "isrc": "usx1", "album_id": "b1"}
            | {"artist_id": "a1", "duration_ms": 210_000, "is_explicit": False}
            | {"spotify_url": f"{LINKS}/track/t1"},
            {"track_id": "t2", "track_name": "Two", "album_id": "b1", "artist_id": "a2"}
            | {"duration_ms": 180_000, "is_explicit": True},
            {"track_id": "x1", "track_name": "Twin", "isrc": "USX2", "album_id": "b2"}
            | {"artist_id": "a4", "duration_ms": 250_000, "is_explicit": False},
            {"track_id": "m1", "track_name": "Minute", "isrc": "USX3", "album_id": "b2"}
            | {"artist_id": "a4", "duration_ms": 60_000, "is_explicit": False},
        ],
        "spotify_track_artists": [
            {"track_id": "t1", "artist_id": "a1", "artist_name": "First", "position": 1},
            {"track_id": "t1", "artist_id": "a2", "artist_name": "Second", "position": 2},
            {"track_id": "t2", "artist_id": "a2", "artist_name": "Second", "position": 1},
            {"track_id": "x1", "artist_id": "a4", "artist_name": "Fourth", "position": 1},
            {"track_id": "m1", "artist_id": "a4", "artist_name": "Fourth", "position": 1},
        ],
        "spotify_albums": [
            {"album_id": "b1", "album_name": "Both", "album_type": "album", "upc": "0001"}
            | {"release_date": "2020-05", "release_date_precision": "month", "count_tracks": 10}
            | {"image_url": "https://i/b1", "spotify_url": f"{LINKS}/album/b1"},
            {"album_id": "b2", "album_name": "Long Player", "album_type": "album"}
            | {"release_date": "2021-06-07", "release_date_precision": "day", "count_tracks": 12},
        ],
        "spotify_artists": [
            {"artist_id": "a1", "artist_name": "First", "is_full": True}
            | {"image_url": "https://i/a1", "spotify_url": f"{LINKS}/artist/a1"},
            {"artist_id": "a2", "artist_name": "Second", "is_full": False},
            {"artist_id": "a4", "artist_name": "Fourth", "is_full": False},
        ],
        "reccobeats_mapping": [
            {"track_id": track_id, "reccobeats_id": found, "asked_at": utc("2026-03-29 23:45")}
            | {"retry_at": utc("2026-04-05 00:00")}
            for track_id, found in [("t1", "r1"), ("x1", "r2"), ("m1", None)]
        ],
        "reccobeats_audio_features": [
            {"track_id": "t1", "reccobeats_id": "r1", "musical_key": -1, "musical_mode": 1}
            | measured("0.1 0.7 0.9 0.0 0.2 -5 0.05 0 0.8"),
            {"track_id": "x1", "reccobeats_id": "r2", "musical_key": 0, "musical_mode": 0}
            | measured("0.5 0.5 0.5 0.0 0.1 -10 0.04 100 0.5"),
        ],
        # Kaggle's file names columns `key` and `mode`, and writes its lists as Python does.
        "kaggle_tracks_features": [
            # ReccoBeats has features of this one too, but the pool uses these.
            {"id": "t1", "name": "One", "artists": "['First']", "artist_ids": "['a1']"}
            | measured("0.2 0.6 0.1 0.1 0.1 -20 0.1 0 0.1"),
            {"id": "t2", "name": "Two", "artists": "['Second']", "artist_ids": "['a2']"}
            | measured("0.4 0.4 0.3 0.2 0.2 -15 0.2 120 0.6")
            | {"key": 2, "mode": 1},
            {"id": "t3", "name": "Catalogue Three", "artists": "['Third', 'Second']"}
            | {"artist_ids": "['a3', 'a2']", "album": "Catalogue Album", "album_id": "b7"}
            | {"explicit": False, "duration_ms": 200_000, "year": 1999, "release_date": "1999"}
            | measured("0.9 0.2 0.2 0.8 0.3 -14 0.3 80 0.1")
            | {"key": -1, "mode": 0},
            {"id": "c1", "name": "Pool One", "artists": '["O\'Brien"]', "artist_ids": "['a6']"}
            | {"album": "Pool", "album_id": "b8", "explicit": True, "duration_ms": 150_000}
            | {"year": 0, "release_date": "1998-07"}
            | measured("0.3 0.8 0.6 0.0 0.4 -6 0.1 128 0.5"),
            {"id": "c2", "name": "Pool Two", "artists": "['Fifth']", "artist_ids": "['a5']"}
            | {"album": "Pool", "album_id": "b8", "explicit": False, "duration_ms": 160_000}
            | {"year": 2001, "release_date": "2001-02-03"}
            | measured("0.6 0.5 0.5 0.5 0.5 -8 0.1 90 0.5"),
            {"id": "c3", "name": "Never measured", "artists": "['Sixth']"},
        ],
        "streaming_history_plays": [
            # 02:00 becomes 01:00 in New York at 06:00 UTC, so that 01:30 comes twice.
            exported("cid-1", "2025-11-02 05:30", "n1", 200_000, "appload trackdone"),
            exported("cid-2", "2025-11-02 05:55", "x2", 180_000, "trackdone unexpected-exit"),
            # Starts thirty minutes later to the second: still the same session.
            exported("cid-3", "2025-11-02 06:30", "n1", 300_000, "appload trackdone"),
            exported("cid-4", "2025-11-02 06:30:31", "t1", 29_000, "trackdone fwdbtn"),
            exported("cid-5", "2025-12-01 12:04", "x1", 240_000, "clickrow trackdone"),
            exported("cid-6", "2025-12-01 12:08:10", "x1", 250_000, "trackdone endplay")
            | {"is_skipped": False},
            # The account data has neither ids nor seconds. It has cid-3 again, and a play on New
            # Year's Eve that is in the new year in UTC.
            *(
                {"play_id": play_id, "user_id": "cid", "kind": "account_music", "position": 0}
                | {"content_type": "track", "ended_at": utc(ended_at), "ms_played": ms_played}
                | {"track_name": name, "artist_name": artist}
                for play_id, ended_at, ms_played, name, artist in [
                    ("cid-7", "2025-11-02 06:30", 300_000, "LATE", "Newcomer"),
                    ("cid-8", "2026-01-01 04:30", 60_000, "Unnumbered", "Nobody"),
                ]
            ),
            exported("cid-9", "2025-12-02 12:00", "x1", 60_000, "clickrow trackdone")
            | {"content_type": "episode", "track_id": None, **NO_TRACK},
        ],
        "quarantine": [
            {"source": "spotify", "data_type": "plays", "reason": "no end", "position": 0}
        ],
    },
    recommendations=[
        {"as_of": utc("2026-03-29 23:50"), "user_id": "ada", "rank": 1, "track_id": "c1"}
        | {"confidence": 0.9, "model_id": "model-1"},
        {"as_of": utc("2026-03-29 23:50"), "user_id": "ada", "rank": 2, "track_id": "c2"}
        | {"confidence": 0.5, "model_id": "model-1"},
    ],
)

DAY_2 = Day(
    captured_at=utc("2026-03-31 01:50"),
    rows={
        "sonic_listeners": [ADA, {**BOB, "token_state": "sign_in_again"}, CID],
        # 04:00 on the 31st in Berlin, 22:00 on the 30th in New York.
        "sonic_run_clock": [{"run_id": "run-2", "as_of": utc("2026-03-31 02:00")}],
        "sonic_time_zone_offsets": ZONES,
        "spotify_plays": [
            played("ada", "2026-03-29 22:10", "t1"),  # the cursor overlaps
            played("ada", "2026-03-29 23:40", "t3"),
            played("ada", "2026-03-30 00:05", "n1", context_uri="spotify:playlist:mix"),
            # Over midnight UTC, on one evening of New York.
            played("bob", "2026-03-30 23:59:50", "t1"),
            played("bob", "2026-03-31 00:10", "x1"),
        ],
        # All that ada still has, and what bob added since.
        "spotify_saved_tracks": [
            saved("ada", "t1", "2026-03-10 08:00"),
            saved("ada", "s9", None) | {"track_name": "Saved Nine"},
            saved("bob", "m1", None),
        ],
        "spotify_playlists": [
            playlist("ada", "s2", "Mix again"),
            playlist("bob", "s2", "Mix as bob sees it"),
        ],
        # bob's t1 is gone, and ada's x1 is new.
        "spotify_playlist_items": mix(
            "s2",
            entry("t2", "ada", "2026-03-01 23:30"),
            entry("t3", None, None),
            EPISODE,
            GONE,
            entry(None, "ada", "2026-03-01 23:30"),
            entry("x1", "ada", "2026-03-30 18:00"),
        ),
        "spotify_full_passes": [
            full_sync("ada", "2026-03-31 01:49", 2, None),
            full_sync("ada", "2026-03-31 01:49", 6, "s2"),
            full_sync("bob", "2026-03-31 01:49", 6, "s2"),
        ],
        "spotify_top_items": [
            *top("tracks", "short_term", "m1"),
            *top("artists", "short_term", "a4"),
        ],
        # So far only cid's export had n1 and x2.
        "spotify_tracks": [
            {"track_id": "n1", "track_name": "Late", "isrc": "USX9", "album_id": "b9"}
            | {"artist_id": "a9", "duration_ms": 300_000, "is_explicit": True},
            {"track_id": "x2", "track_name": "Twin", "isrc": "usx2", "album_id": "b3"}
            | {"artist_id": "a4", "duration_ms": 250_000, "is_explicit": False},
            {"track_id": "t1", "track_name": "One (Remastered)", "isrc": "usx1"}
            | {"album_id": "b1", "artist_id": "a1", "duration_ms": 210_000, "is_explicit": False}
            | {"spotify_url": f"{LINKS}/track/t1"},
        ],
        "spotify_track_artists": [
            {"track_id": "n1", "artist_id": "a9", "artist_name": "Newcomer", "position": 1},
            {"track_id": "n1", "artist_id": "a1", "artist_name": "First", "position": 2},
            {"track_id": "x2", "artist_id": "a4", "artist_name": "Fourth", "position": 1},
        ],
        "spotify_albums": [
            {"album_id": "b3", "album_name": "Twin", "album_type": "single"}
            | {"release_date": "2021", "release_date_precision": "year", "count_tracks": 1},
            {"album_id": "b9", "album_name": "Late Album", "album_type": "album"}
            | {"release_date": "2026-01-30", "release_date_precision": "day", "count_tracks": 8},
        ],
        "spotify_artists": [
            # A page with only the artist's name removes nothing that was known.
            {"artist_id": "a1", "artist_name": "First", "is_full": False},
            {"artist_id": "a4", "artist_name": "Fourth", "is_full": True}
            | {"image_url": "https://i/a4", "spotify_url": f"{LINKS}/artist/a4"},
            {"artist_id": "a9", "artist_name": "Newcomer", "is_full": False},
        ],
        "reccobeats_mapping": [
            {"track_id": "n1", "reccobeats_id": "r3", "asked_at": utc("2026-03-31 01:50")}
            | {"retry_at": utc("2026-04-07 00:00")},
        ],
        "reccobeats_audio_features": [
            {"track_id": "n1", "reccobeats_id": "r3", "musical_key": 11, "musical_mode": 1}
            | measured("0.8 0.3 0.4 0.9 0.3 -12 0.06 90 0.2"),
        ],
        "streaming_history_plays": [
            # The API calls it x1, the export x2, and they end a second apart.
            exported("ada-1", "2026-03-29 10:00:01", "x2", 200_000, "clickrow trackdone"),
            # In the silence of day 1, which had made two sessions.
            exported("ada-2", "2026-03-29 10:25", "x2", 180_000, "trackdone fwdbtn")
            | {"is_skipped": True, "is_shuffle": True},
            exported("ada-3", "2026-03-29 10:50:20", "t1", 210_000, "playbtn endplay")
            | {"is_shuffle": None, "is_offline": True},
            # The same three plays that the API has, and one more.
            exported("ada-4", "2026-03-29 12:01", "m1", 60_000, "clickrow trackdone"),
            exported("ada-5", "2026-03-29 12:02", "m1", 60_000, "trackdone trackdone"),
            exported("ada-6", "2026-03-29 12:03", "m1", 60_000, "trackdone trackdone"),
            exported("ada-7", "2026-03-29 12:04", "m1", 60_000, "trackdone trackdone"),
            exported("ada-8", "2026-03-29 12:05", "t2", 29_000, "trackdone fwdbtn"),
            exported("ada-9", "2026-03-29 14:00", None, 90_000, "appload trackdone"),
        ],
    },
    recommendations=[
        {"as_of": utc("2026-03-31 02:00"), "user_id": "ada", "rank": 1, "track_id": "c2"}
        | {"confidence": 0.75, "model_id": "model-2", "reasons": "calm · new artist"},
        {"as_of": utc("2026-03-31 02:00"), "user_id": "bob", "rank": 1, "track_id": "c2"}
        | {"confidence": 0.7, "model_id": "model-2"},
        {"as_of": utc("2026-03-31 02:00"), "user_id": "bob", "rank": 2, "track_id": "t3"}
        | {"confidence": 0.4, "model_id": "model-2", "reasons": "acoustic"},
    ],
)
