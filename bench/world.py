"""Writes a large invented world into Bronze, by SQL over ranges and hashes, and adds days to it.

Every listener plays `PLAYS_A_DAY` tracks a day in a row, from some hour on. They come from about
three thousand of their own tracks, of which few are played often. Exports hold all but the last 30
days and the API the last 60, so both hold the same month.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa

from bench import around
from bench.around import ALBUM, ARTIST, NAMES, TRACK, USER, add, morning_after
from ingestion.load import LOADED_AT
from ingestion.tables import KAGGLE, LISTENERS, RECCOBEATS, SPOTIFY, STREAMING_HISTORY

SCHEMAS = {**LISTENERS, **SPOTIFY, **RECCOBEATS, **KAGGLE, **STREAMING_HISTORY}
LAST_DAY = datetime(2026, 5, 31)
PLAYS_A_DAY = 27
API_SINCE, EXPORT_UNTIL = LAST_DAY - timedelta(days=59), LAST_DAY - timedelta(days=30)


@dataclass(frozen=True)
class World:
    """A home whose Bronze has the given numbers of plays, tracks and listeners."""

    home: Path
    plays: int
    tracks: int
    listeners: int

    def write(self) -> None:
        """Write the history; the number of plays determines how many days it has."""
        self.home.mkdir(parents=True)
        days = max(2, self.plays // (self.listeners * PLAYS_A_DAY))
        first = LAST_DAY - timedelta(days=days - 1)
        with self._connected() as connection:
            _make_tables(connection)
            self._play(connection, first, days)
            around.register(connection, self.listeners, first)
            around.catalogue(connection, self.tracks, first)
            _export(connection)
            _describe(connection, f"select distinct track, timestamp '{EXPORT_UNTIL}' from plays")
            _capture(connection, API_SINCE)
            around.save(
                connection, f"die = 3 and ended_at >= '{API_SINCE}'", morning_after(LAST_DAY)
            )
            around.make_playlists(connection, self.listeners, self.tracks, morning_after(LAST_DAY))
            around.run_daily(connection, self.listeners, self.tracks, LAST_DAY)

    def append_day(self, number: int) -> None:
        """Append the daily run of the `number`th day after the history."""
        day = LAST_DAY + timedelta(days=number)
        with self._connected() as connection:
            self._play(connection, day, 1)
            _capture(connection, day)
            add(
                connection,
                "spotify_plays",
                f"""
                select * exclude (captured_at, source_file, loaded_at) from bronze.spotify_plays
                where played_at >= timestamp '{day}' - interval 6 hour
                    and played_at < timestamp '{day}'
                """,
                morning_after(day),
            )
            around.save(connection, "die = 3", morning_after(day))
            around.run_daily(connection, self.listeners, self.tracks, day)

    def _connected(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(str(self.home / "sonic.duckdb"))
        connection.execute("set threads = 2")
        connection.execute("set timezone = 'UTC'")
        return connection

    def _play(self, connection: duckdb.DuckDBPyConnection, first: datetime, days: int) -> None:
        number = (first - LAST_DAY).days
        connection.execute(
            f"""
            create or replace temp table plays as
            select
                listener,
                timestamp '{first}' + to_days(cast(day as int)) + to_seconds(
                    cast(hash(listener * 7 + day + {number}) % 50000 + turn * 230 as bigint)
                ) as ended_at,
                cast(
                    hash(listener) % {around.heard(self.tracks)} + 3 * floor(3000 * power(
                        hash(listener + (day + {number}) * 101 + turn * 7) % 1000000 / 1000000, 3
                    ))
                    as bigint
                ) % {around.heard(self.tracks)} as track,
                hash(listener + day * 3 + turn * 5 + {number}) % 10 as die
            from range({self.listeners}) as listeners (listener)
            cross join range({days}) as days (day)
            cross join range({PLAYS_A_DAY}) as turns (turn)
            """
        )


def _make_tables(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("create schema bronze")
    connection.execute("create schema ml")
    for name, columns in SCHEMAS.items():
        fields = [field.with_nullable(True) for field in [*columns, LOADED_AT]]
        connection.register("empty", pa.schema(fields).empty_table())
        connection.execute(f"create table bronze.{name} as from empty")


def _export(connection: duckdb.DuckDBPyConnection) -> None:
    add(
        connection,
        "streaming_history_plays",
        f"""
        select md5(concat_ws('|', listener, ended_at, track)) as play_id, {USER} as user_id,
            'extended_audio' as kind, ended_at, if(die = 0, 12000, 200000) as ms_played,
            'track' as content_type, {TRACK} as track_id,
            'spotify:track:' || {TRACK} as track_uri, {NAMES}, 'trackdone' as reason_start,
            if(die = 0, 'fwdbtn', 'trackdone') as reason_end, die = 1 as is_shuffle,
            0 as position
        from plays
        where ended_at < timestamp '{EXPORT_UNTIL}'
        """,
        EXPORT_UNTIL,
    )


def _capture(connection: duckdb.DuckDBPyConnection, first: datetime) -> None:
    loaded_at = "date_trunc('day', ended_at) + interval 30 hour"
    connection.execute(
        f"""
        insert into bronze.spotify_plays by name
        select {USER} as user_id, ended_at as played_at, {TRACK} as track_id,
            'spotify:track:' || {TRACK} as track_uri, {NAMES}, false as is_local,
            'spotify:playlist:pl' || hash(listener) % 5000 as context_uri,
            {loaded_at} as captured_at, {loaded_at} as loaded_at, 'page' as source_file
        from plays
        where ended_at >= timestamp '{first}' and die <> 0
        order by loaded_at
        """
    )
    since = f"from plays where ended_at >= timestamp '{first}'"
    _describe(connection, f"select distinct track, {loaded_at} {since}")


def _describe(connection: duckdb.DuckDBPyConnection, loads: str) -> None:
    """Describe tracks once for each load that names them; `loads` returns track and loaded_at."""
    isrc = "'ISRC' || if(track % 20 = 0, track + 1, track) as isrc"
    artist = "'Artist ' || track // 12 as artist_name"
    for table, columns in {
        "tracks": f"{TRACK} as track_id, 'Song ' || track as track_name, {isrc}, "
        f"{ALBUM} as album_id, {ARTIST} as artist_id, 200000 as duration_ms",
        "track_artists": f"{TRACK} as track_id, {ARTIST} as artist_id, {artist}, 1 as position",
        "albums": f"{ALBUM} as album_id, 'Album ' || track // 12 as album_name",
        "artists": f"{ARTIST} as artist_id, {artist}, false as is_full",
    }.items():
        connection.execute(
            f"""
            insert into bronze.spotify_{table} by name
            select distinct {columns}, loaded_at as captured_at, loaded_at, 'page' as source_file
            from ({loads}) as loads (track, loaded_at)
            """
        )
