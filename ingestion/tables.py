"""The columns of every Bronze table, as Arrow schemas."""

import pyarrow as pa

TEXT, INT, FLOAT, BOOL = pa.string(), pa.int64(), pa.float64(), pa.bool_()
INSTANT = pa.timestamp("us", tz="UTC")

ORIGIN = {"source_file": TEXT, "captured_at": INSTANT}
ACOUSTIC = {
    "acousticness": FLOAT,
    "danceability": FLOAT,
    "energy": FLOAT,
    "instrumentalness": FLOAT,
    "musical_key": INT,
    "liveness": FLOAT,
    "loudness": FLOAT,
    "musical_mode": INT,
    "speechiness": FLOAT,
    "tempo": FLOAT,
    "valence": FLOAT,
}


def _table(required: str, columns: dict[str, pa.DataType]) -> pa.Schema:
    """Make a schema; `required` names the columns that are never null."""
    never_null = {*required.split(), *ORIGIN}
    return pa.schema(
        [
            pa.field(name, kind, nullable=name not in never_null)
            for name, kind in {**columns, **ORIGIN}.items()
        ]
    )


QUARANTINE = _table(
    "source data_type reason position",
    {
        "source": TEXT,
        "data_type": TEXT,
        "user_id": TEXT,
        "reason": TEXT,
        "position": INT,
        "item": TEXT,
    },
)
CAPTURE_RUNS = _table(
    "run_id source as_of count_pages count_items",
    {"run_id": TEXT, "source": TEXT, "as_of": INSTANT, "count_pages": INT, "count_items": INT},
)

LISTENERS: dict[str, pa.Schema] = {
    "sonic_listeners": _table(
        "user_id time_zone token_state",
        {
            "user_id": TEXT,
            "display_name": TEXT,
            "time_zone": TEXT,
            "app_id": TEXT,
            "connected_at": INSTANT,
            "token_state": TEXT,
        },
    ),
    "sonic_time_zone_offsets": _table(
        "time_zone valid_from valid_to offset_minutes",
        {"time_zone": TEXT, "valid_from": INSTANT, "valid_to": INSTANT, "offset_minutes": INT},
    ),
    "sonic_run_clock": _table("run_id as_of", {"run_id": TEXT, "as_of": INSTANT}),
}

SPOTIFY: dict[str, pa.Schema] = {
    "spotify_profiles": _table(
        "user_id",
        {
            "user_id": TEXT,
            "account_id": TEXT,
            "display_name": TEXT,
            "country": TEXT,
            "product": TEXT,
            "image_url": TEXT,
            "spotify_url": TEXT,
        },
    ),
    "spotify_plays": _table(
        "user_id played_at is_local",
        {
            "user_id": TEXT,
            "played_at": INSTANT,
            "track_id": TEXT,
            "track_uri": TEXT,
            "track_name": TEXT,
            "artist_name": TEXT,
            "is_local": BOOL,
            "context_type": TEXT,
            "context_uri": TEXT,
        },
    ),
    "spotify_saved_tracks": _table(
        "user_id",
        {
            "user_id": TEXT,
            "track_id": TEXT,
            "track_uri": TEXT,
            "track_name": TEXT,
            "artist_name": TEXT,
            "added_at": INSTANT,
        },
    ),
    "spotify_playlists": _table(
        "user_id playlist_id is_collaborative is_readable",
        {
            "user_id": TEXT,
            "playlist_id": TEXT,
            "playlist_name": TEXT,
            "description": TEXT,
            "owner_id": TEXT,
            "is_public": BOOL,
            "is_collaborative": BOOL,
            "is_readable": BOOL,
            "snapshot_id": TEXT,
            "count_items": INT,
            "image_url": TEXT,
            "spotify_url": TEXT,
        },
    ),
    "spotify_playlist_items": _table(
        "user_id playlist_id snapshot_id position is_local",
        {
            "user_id": TEXT,
            "playlist_id": TEXT,
            "snapshot_id": TEXT,
            "position": INT,
            "item_type": TEXT,
            "track_id": TEXT,
            "track_uri": TEXT,
            "track_name": TEXT,
            "artist_name": TEXT,
            "is_local": BOOL,
            "added_at": INSTANT,
            "added_by_id": TEXT,
        },
    ),
    "spotify_top_items": _table(
        "user_id kind term rank",
        {
            "user_id": TEXT,
            "kind": TEXT,
            "term": TEXT,
            "rank": INT,
            "item_id": TEXT,
            "item_name": TEXT,
        },
    ),
    "spotify_followed_artists": _table(
        "user_id artist_id", {"user_id": TEXT, "artist_id": TEXT, "artist_name": TEXT}
    ),
    # Full syncs: complete lists. Items that are missing from one had been removed.
    "spotify_full_passes": _table(
        "user_id data_type started_at count_items",
        {
            "user_id": TEXT,
            "data_type": TEXT,
            "playlist_id": TEXT,
            "snapshot_id": TEXT,
            "started_at": INSTANT,
            "count_items": INT,
        },
    ),
    # A full page: plays between these instants may have dropped out of Spotify's last 50.
    "spotify_capture_gaps": _table(
        "user_id gap_start gap_end",
        {"user_id": TEXT, "gap_start": INSTANT, "gap_end": INSTANT},
    ),
    # Tracks that were looked up one by one, found or not: none is looked up again.
    "spotify_track_lookups": _table(
        "track_id asked_at is_found", {"track_id": TEXT, "asked_at": INSTANT, "is_found": BOOL}
    ),
    "spotify_tracks": _table(
        "track_id",
        {
            "track_id": TEXT,
            "track_name": TEXT,
            "isrc": TEXT,
            "album_id": TEXT,
            "artist_id": TEXT,
            "duration_ms": INT,
            "is_explicit": BOOL,
            "disc_number": INT,
            "track_number": INT,
            "popularity": INT,
            "spotify_url": TEXT,
        },
    ),
    "spotify_track_artists": _table(
        "track_id artist_id position",
        {"track_id": TEXT, "artist_id": TEXT, "artist_name": TEXT, "position": INT},
    ),
    "spotify_albums": _table(
        "album_id",
        {
            "album_id": TEXT,
            "album_name": TEXT,
            "album_type": TEXT,
            "release_date": TEXT,
            "release_date_precision": TEXT,
            "count_tracks": INT,
            "upc": TEXT,
            "image_url": TEXT,
            "spotify_url": TEXT,
        },
    ),
    "spotify_artists": _table(
        "artist_id is_full",
        {
            "artist_id": TEXT,
            "artist_name": TEXT,
            "image_url": TEXT,
            "spotify_url": TEXT,
            "genres": TEXT,
            "popularity": INT,
            "is_full": BOOL,
        },
    ),
    "quarantine": QUARANTINE,
    "capture_runs": CAPTURE_RUNS,
}

RECCOBEATS: dict[str, pa.Schema] = {
    "reccobeats_mapping": _table(
        "track_id asked_at retry_at",
        {"track_id": TEXT, "reccobeats_id": TEXT, "asked_at": INSTANT, "retry_at": INSTANT},
    ),
    "reccobeats_audio_features": _table(
        "track_id reccobeats_id",
        {"track_id": TEXT, "reccobeats_id": TEXT, "isrc": TEXT, **ACOUSTIC},
    ),
    "quarantine": QUARANTINE,
    "capture_runs": CAPTURE_RUNS,
}

KAGGLE_FILE = {
    "id": TEXT,
    "name": TEXT,
    "album": TEXT,
    "album_id": TEXT,
    "artists": TEXT,
    "artist_ids": TEXT,
    "track_number": INT,
    "disc_number": INT,
    "explicit": BOOL,
    "danceability": FLOAT,
    "energy": FLOAT,
    "key": INT,
    "loudness": FLOAT,
    "mode": INT,
    "speechiness": FLOAT,
    "acousticness": FLOAT,
    "instrumentalness": FLOAT,
    "liveness": FLOAT,
    "valence": FLOAT,
    "tempo": FLOAT,
    "duration_ms": INT,
    "time_signature": INT,
    "year": INT,
    "release_date": TEXT,
}
KAGGLE: dict[str, pa.Schema] = {
    "kaggle_tracks_features": _table("id", KAGGLE_FILE),
    "kaggle_files": _table(
        "sha256",
        {
            "sha256": TEXT,
            "dataset_version": INT,
            "size_bytes": INT,
            "count_rows": INT,
        },
    ),
}

STREAMING_HISTORY: dict[str, pa.Schema] = {
    "streaming_history_plays": _table(
        "play_id user_id kind ended_at ms_played content_type position",
        {
            "play_id": TEXT,
            "user_id": TEXT,
            "kind": TEXT,
            "ended_at": INSTANT,
            "ms_played": INT,
            "content_type": TEXT,
            "track_id": TEXT,
            "track_uri": TEXT,
            "track_name": TEXT,
            "artist_name": TEXT,
            "album_name": TEXT,
            "episode_name": TEXT,
            "show_name": TEXT,
            "episode_uri": TEXT,
            "reason_start": TEXT,
            "reason_end": TEXT,
            "is_shuffle": BOOL,
            "is_skipped": BOOL,
            "is_offline": BOOL,
            "is_incognito": BOOL,
            "offline_at": INSTANT,
            "country": TEXT,
            "platform": TEXT,
            "position": INT,
        },
    ),
    "quarantine": QUARANTINE,
    "capture_runs": CAPTURE_RUNS,
}
