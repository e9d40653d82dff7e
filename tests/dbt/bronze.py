"""A small hand-written Bronze: two listeners, a stranger, a few tracks, and the awkward cases.

The columns are those that ingestion declares, so that this world cannot drift from the real one;
what a row does not name is null.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from ingestion.load import LOADED_AT
from ingestion.tables import KAGGLE, LISTENERS, RECCOBEATS, SPOTIFY, STREAMING_HISTORY

Rows = Sequence[Mapping[str, Any]]

FIRST_CAPTURE = datetime(2026, 4, 1, 20, tzinfo=UTC)
SCHEMAS: dict[str, pa.Schema] = {
    **LISTENERS,
    **SPOTIFY,
    **RECCOBEATS,
    **KAGGLE,
    **STREAMING_HISTORY,
}
RECOMMENDATIONS = pa.schema(
    [
        ("as_of", pa.timestamp("us")),
        ("user_id", pa.string()),
        ("rank", pa.int64()),
        ("track_id", pa.string()),
        ("confidence", pa.float64()),
        ("model_id", pa.string()),
        ("reasons", pa.string()),
    ]
)


def utc(text: str) -> datetime:
    """Read `YYYY-MM-DD HH:MM[:SS]` as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _play(user_id: str, played_at: str, track_id: str | None, **more: Any) -> dict[str, Any]:
    uri = f"spotify:track:{track_id}"
    play = {"user_id": user_id, "played_at": utc(played_at), "track_id": track_id, "track_uri": uri}
    return {**play, "track_name": f"Played {track_id}", "is_local": False, **more}


def _export(play_id: str, ended_at: str, track_id: str | None, **more: Any) -> dict[str, Any]:
    play = {"play_id": play_id, "user_id": "bob", "kind": "extended_audio", "position": 0}
    track = {"content_type": "track", "track_id": track_id, "track_name": f"Played {track_id}"}
    return {**play, **track, "artist_name": "Band", "ended_at": utc(ended_at), **more}


def _item(position: int, track_id: str | None, **more: Any) -> dict[str, Any]:
    item = {"user_id": "ada", "playlist_id": "mix", "snapshot_id": "s1", "position": position}
    track = {"item_type": "track", "track_id": track_id, "track_uri": f"spotify:track:{track_id}"}
    return {**item, **track, "is_local": False, "added_at": utc("2026-03-01 23:30"), **more}


def _catalogue(track_id: str, artist: str, energy: float, valence: float) -> dict[str, Any]:
    names = {"id": track_id, "name": f"Catalogue {track_id}", "artists": f"['{artist}']"}
    ids = {"artist_ids": f"['{artist.lower()}']", "year": 0, "release_date": "1999"}
    return {**names, **ids, "energy": energy, "valence": valence, "danceability": 0.5, "tempo": 0.0}


LOCAL_FILE = {
    "track_uri": "spotify:local:Ada:Tapes:Engine:90",
    "track_name": "Engine",
    "artist_name": "Ada",
    "is_local": True,
}
BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
WORLD: dict[str, Rows] = {
    "sonic_listeners": [
        {"user_id": "ada", "display_name": "Ada", "time_zone": BERLIN, "token_state": "active"},
        {"user_id": "bob", "time_zone": NEW_YORK, "token_state": "imported"},
    ],
    "sonic_run_clock": [{"run_id": "r1", "as_of": utc("2026-04-02 06:00")}],
    "sonic_time_zone_offsets": [
        {
            "time_zone": zone,
            "valid_from": utc(start),
            "valid_to": utc(end),
            "offset_minutes": offset,
        }
        for zone, start, end, offset in [
            (BERLIN, "2025-10-26 01:00", "2026-03-29 01:00", 60),
            (BERLIN, "2026-03-29 01:00", "2026-10-25 01:00", 120),
            (NEW_YORK, "2025-11-02 06:00", "2026-03-08 07:00", -300),
            (NEW_YORK, "2026-03-08 07:00", "2026-11-01 06:00", -240),
        ]
    ],
    "spotify_profiles": [{"user_id": "bob", "display_name": "Bob", "country": "US"}],
    "spotify_plays": [
        _play("ada", "2026-03-28 22:30", "t1"),
        _play("ada", "2026-03-28 23:30", "t2"),
        _play("ada", "2026-03-29 00:59:59", "t1"),
        _play("ada", "2026-03-29 01:00", "t3"),
        _play("ada", "2026-03-29 01:00", "t3"),  # two captures overlap
        _play("ada", "2026-03-29 12:00", None, **LOCAL_FILE),
        _play("bob", "2026-04-01 03:00", "t2"),
        _play("stranger", "2026-04-01 12:00", "t1"),
    ],
    "streaming_history_plays": [
        _export("both", "2026-04-01 03:00:40", "t2", ms_played=200_000, reason_end="trackdone"),
        _export("skipped", "2026-04-01 03:01:09", "t1", ms_played=29_000, reason_end="fwdbtn"),
        _export("twice", "2026-04-01 03:01", None, ms_played=29_000, kind="account_music")
        | {"track_name": "Played t1"},
        _export("alone", "2026-04-01 04:01:09", "t1", ms_played=1_800_000, is_skipped=True),
        _export("podcast", "2026-04-01 05:00", None, ms_played=60_000)
        | {"content_type": "episode", "track_name": None, "artist_name": None},
    ],
    "spotify_saved_tracks": [
        {"user_id": "ada", "track_id": "t1", "added_at": utc("2026-03-10 08:00")},
        {"user_id": "ada", "track_id": "t9", "track_name": "Saved t9"},  # undated, undescribed
        {"user_id": "bob", "track_id": "t2", "added_at": utc("2026-03-11 08:00")},
    ],
    "spotify_playlists": [
        {
            "user_id": "ada",
            "playlist_id": "mix",
            "owner_id": "ada",
            "is_collaborative": True,
            "is_readable": True,
            "snapshot_id": "s1",
            "count_items": 6,
        }
    ],
    "spotify_playlist_items": [
        _item(0, "t2", added_by_id="ada"),
        _item(1, "t3", added_at=None),  # a very old entry of ada's own playlist
        _item(2, "t1", added_by_id="bob"),
        _item(3, "e1", item_type="episode", added_by_id="ada"),
        _item(4, None, item_type=None, track_uri=None, added_by_id="ada"),
        _item(5, None, added_by_id="ada", **LOCAL_FILE),
    ],
    "spotify_full_passes": [
        {
            "user_id": "ada",
            "data_type": "playlist_items",
            "playlist_id": "mix",
            "snapshot_id": "s1",
            "started_at": FIRST_CAPTURE,
            "count_items": 6,
        }
    ],
    "spotify_tracks": [
        {
            "track_id": "t1",
            "track_name": "One",
            "artist_id": "a1",
            "album_id": "b1",
            "isrc": "usx1",
        },
        {"track_id": "t2", "track_name": "Two", "artist_id": "a2", "album_id": "b1"},
    ],
    "spotify_track_artists": [
        {"track_id": "t1", "artist_id": "a1", "artist_name": "First", "position": 1},
        {"track_id": "t1", "artist_id": "a2", "artist_name": "Second", "position": 2},
        {"track_id": "t2", "artist_id": "a2", "artist_name": "Second", "position": 1},
    ],
    "spotify_albums": [{"album_id": "b1", "album_name": "Both", "release_date": "2020-05"}],
    "spotify_artists": [
        {"artist_id": "a1", "artist_name": "First", "is_full": True},
        {"artist_id": "a2", "artist_name": "Second", "is_full": False},
    ],
    "reccobeats_mapping": [
        {"track_id": "t1", "reccobeats_id": "r1", "asked_at": FIRST_CAPTURE},
        {"track_id": "t9", "asked_at": FIRST_CAPTURE, "retry_at": FIRST_CAPTURE},
    ],
    "reccobeats_audio_features": [
        {"track_id": "t1", "reccobeats_id": "r1", "energy": 0.9, "valence": 0.8, "tempo": 0.0}
    ],
    "kaggle_tracks_features": [
        _catalogue("t1", "First", 0.1, 0.1),  # ReccoBeats knows better
        _catalogue("t2", "Second", 0.3, 0.6),
        _catalogue("t3", "Third", 0.2, 0.1),
        _catalogue("c1", "Fourth", 0.6, 0.5),
        _catalogue("c2", "Fifth", 0.5, 0.5),
        {"id": "c3", "name": "Never measured"},
    ],
    "quarantine": [{"source": "spotify", "data_type": "plays", "reason": "no end", "position": 0}],
}
RECOMMENDED: Rows = [
    {"as_of": datetime(2026, 4, 1, 6), "user_id": "ada", "rank": 1, "track_id": "c2"},
    {"as_of": datetime(2026, 4, 2, 6), "user_id": "ada", "rank": 1, "track_id": "c1"},
    {"as_of": datetime(2026, 4, 2, 6), "user_id": "ada", "rank": 2, "track_id": "c2"},
    {"as_of": datetime(2026, 4, 2, 6), "user_id": "bob", "rank": 1, "track_id": "t3"},
]


def append(warehouse: Path, captured_at: datetime = FIRST_CAPTURE) -> None:
    """Append the world to Bronze in the DuckDB file, as captured at the given time."""
    rows = {
        name: captured(told, captured_at, f"{captured_at:%Y-%m-%d}/{name}")
        for name, told in WORLD.items()
    }
    load(warehouse, rows, captured_at)


def captured(rows: Rows, captured_at: datetime, source_file: str) -> Rows:
    """Say of each row where it was read, and when."""
    return [{**row, "captured_at": captured_at, "source_file": source_file} for row in rows]


def load(warehouse: Path, rows: Mapping[str, Rows], loaded_at: datetime) -> None:
    """Append rows to Bronze as one load does; tables that get none are made all the same."""
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema if not exists bronze")
        for name, schema in SCHEMAS.items():
            table = _table(rows.get(name, []), schema)
            instants = pa.repeat(pa.scalar(loaded_at, LOADED_AT.type), len(table))
            write(connection, f"bronze.{name}", table.append_column(LOADED_AT, instants))


def recommend(warehouse: Path, recommended: Rows = RECOMMENDED) -> None:
    """Put recommendations where the Python models would, which these tests leave out."""
    rows = [{**row, "confidence": 1 - 0.25 * row["rank"], "model_id": "m1"} for row in recommended]
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema if not exists ml")
        write(connection, "ml.ml_recommendations", _table(rows, RECOMMENDATIONS))


def write(connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    """Append an Arrow table to a table of DuckDB, which is created if need be."""
    connection.register("arrow_rows", table)
    connection.execute(f"create table if not exists {name} as from arrow_rows limit 0")
    if len(table):
        connection.execute(f"insert into {name} from arrow_rows")
    connection.unregister("arrow_rows")


def _table(rows: Rows, schema: pa.Schema) -> pa.Table:
    nullable = pa.schema([field.with_nullable(True) for field in schema])
    return pa.Table.from_pylist([dict(row) for row in rows], schema=nullable)
