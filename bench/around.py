"""The rest of the large world: registry, catalogue, libraries and daily lists."""

from datetime import datetime, timedelta

import duckdb
import pyarrow as pa

from ingestion.listeners.registry import offset_ranges

ZONES = ("Europe/Berlin", "America/New_York", "UTC")
USER, TRACK = "printf('user%018d', listener)", "printf('t%021d', track)"
ARTIST, ALBUM = "printf('ar%020d', track // 12)", "printf('al%020d', track // 12)"
NAMES = "'Song ' || track as track_name, 'Artist ' || track // 12 as artist_name"
FEATURES = ", ".join(
    f"hash(track + {number}) % 1000 / 1000 as {name}"
    for number, name in enumerate(
        "danceability energy speechiness acousticness instrumentalness liveness valence".split()
    )
)
SOUND = f"{FEATURES}, 60 + hash(track) % 120 as tempo, -cast(hash(track) % 30 as int) as loudness"
Connection = duckdb.DuckDBPyConnection


def add(connection: Connection, table: str, query: str, loaded_at: datetime) -> None:
    """Append the rows of a query to a Bronze table.

    Args:
        connection: The world's warehouse.
        table: The table's name without schema.
        query: Returns the table's columns, apart from the three that are added here.
        loaded_at: When the rows were captured and loaded.
    """
    connection.execute(
        f"""
        insert into bronze.{table} by name
        select *, timestamp '{loaded_at}' as captured_at, timestamp '{loaded_at}' as loaded_at,
            'page' as source_file
        from ({query})
        """
    )


def heard(tracks: int) -> int:
    """Return how many tracks are ever played; the others can be recommended."""
    return tracks * 99 // 100


def morning_after(day: datetime) -> datetime:
    """Return when the daily run loads a day: at six the next morning."""
    return day + timedelta(hours=30)


def register(connection: Connection, listeners: int, loaded_at: datetime) -> None:
    """Write the listeners and their time zones."""
    zone = f"{list(ZONES)}[1 + listener % {len(ZONES)}]"
    add(
        connection,
        "sonic_listeners",
        f"select {USER} as user_id, {zone} as time_zone, 'active' as token_state "
        f"from range({listeners}) as listeners (listener)",
        loaded_at,
    )
    offsets = pa.Table.from_pylist([row for zone in ZONES for row in offset_ranges(zone)])
    connection.register("offsets", offsets)
    add(connection, "sonic_time_zone_offsets", "from offsets", loaded_at)


def catalogue(connection: Connection, tracks: int, loaded_at: datetime) -> None:
    """Write the catalogue, and ReccoBeats features of every third played track."""
    add(
        connection,
        "kaggle_tracks_features",
        f"""
        select {TRACK} as id, 'Song ' || track as name, 'Album ' || track // 12 as album,
            {ALBUM} as album_id, '[''Artist ' || track // 12 || ''']' as artists,
            '[''' || {ARTIST} || ''']' as artist_ids, false as explicit, {SOUND},
            track % 12 as key, track % 2 as mode, 200000 as duration_ms, 2015 as year,
            '2015-01-01' as release_date
        from range({tracks}) as tracks (track)
        """,
        loaded_at,
    )
    file = f"select 'sha' as sha256, {tracks} as count_rows, 1 as size_bytes"
    add(connection, "kaggle_files", file, loaded_at)
    add(
        connection,
        "reccobeats_audio_features",
        f"""
        select distinct {TRACK} as track_id, 'r' || track as reccobeats_id, {SOUND},
            track % 12 as musical_key, track % 2 as musical_mode
        from plays
        where track % 3 = 0
        """,
        loaded_at,
    )


def save(connection: Connection, chosen: str, loaded_at: datetime) -> None:
    """Save the tracks of the plays that meet a condition."""
    add(
        connection,
        "spotify_saved_tracks",
        f"select {USER} as user_id, {TRACK} as track_id, 'u' as track_uri, {NAMES}, "
        f"min(ended_at) as added_at from plays where {chosen} group by listener, track",
        loaded_at,
    )


def make_playlists(
    connection: Connection, listeners: int, tracks: int, loaded_at: datetime
) -> None:
    """Give each listener five playlists of forty tracks."""
    playlist = "'pl' || listener * 5 + list as playlist_id, 's1' as snapshot_id"
    lists = f"range({listeners}) as a (listener) cross join range(5) as b (list)"
    add(
        connection,
        "spotify_playlists",
        f"select {USER} as user_id, {playlist}, {USER} as owner_id, 'List' as playlist_name, "
        f"false as is_collaborative, true as is_readable, 40 as count_items from {lists}",
        loaded_at,
    )
    track = f"(select hash(listener * 997 + list * 31 + place) % {heard(tracks)} as track) as d"
    add(
        connection,
        "spotify_playlist_items",
        f"select {USER} as user_id, {playlist}, place as position, 'track' as item_type, "
        f"{TRACK} as track_id, {NAMES}, false as is_local, "
        f"timestamp '2026-01-01' + to_minutes(place) as added_at "
        f"from {lists} cross join range(40) as c (place) cross join lateral {track}",
        loaded_at,
    )


def run_daily(connection: Connection, listeners: int, tracks: int, day: datetime) -> None:
    """Write what each run loads: top lists, a full sync of one listener in seven, the clock."""
    loaded_at = morning_after(day)
    everyone = f"range({listeners}) as a (listener)"
    coordinates = (
        "cross join range(1, {end}) as b (place) cross join lateral (select {pick} as track) as c"
    )
    top = coordinates.format(end=51, pick=f"hash(listener * 997 + place) % {heard(tracks)}")
    add(
        connection,
        "spotify_top_items",
        f"select {USER} as user_id, 'tracks' as kind, 'short_term' as term, place as rank, "
        f"{TRACK} as item_id, 'Song' as item_name from {everyone} {top}",
        loaded_at,
    )
    is_synced = f"cast(right(user_id, 18) as bigint) % 7 = {day.day % 7}"
    names = "user_id, track_id, track_uri, track_name, artist_name, added_at"
    add(
        connection,
        "spotify_saved_tracks",
        f"select distinct {names} from bronze.spotify_saved_tracks where {is_synced}",
        loaded_at,
    )
    add(
        connection,
        "spotify_full_passes",
        f"select user_id, 'saved_tracks' as data_type, timestamp '{loaded_at}' as started_at, "
        f"200 as count_items from bronze.sonic_listeners where {is_synced}",
        loaded_at,
    )
    run = f"'{day:%F}' as run_id, timestamp '{loaded_at}' as as_of"
    add(connection, "sonic_run_clock", f"select {run}", loaded_at)
    ledger = f"select {run}, 'spotify' as source, 1 as count_pages, 1 as count_items"
    add(connection, "capture_runs", ledger, loaded_at)
    unheard = coordinates.format(
        end=16, pick=f"{tracks} - 1 - (listener * 7 + place + {day.day}) % {tracks // 100}"
    )
    recommended = (
        f"select timestamp '{loaded_at}' as as_of, {USER} as user_id, place as rank, "
        f"{TRACK} as track_id, 0.5::double as confidence, 'm' as model_id, 'why' as reasons "
        f"from {everyone} {unheard}"
    )
    connection.execute(f"create table if not exists ml.ml_recommendations as {recommended} limit 0")
    connection.execute(f"insert into ml.ml_recommendations {recommended}")
