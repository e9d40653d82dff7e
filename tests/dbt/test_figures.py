"""Every figure of Gold that the hand-written world lets one work out by hand."""

from tests.dbt.conftest import Warehouse

FACT = "sonic_gold.gold.fct_user_activity"
TRACKS = "sonic_gold.gold.dim_track"


def test_each_action_is_one_row_on_its_local_day(warehouse: Warehouse) -> None:
    rows = warehouse.query(
        f"""
        select display_name, activity_type, track_id, local_date_key, local_time_key
        from {FACT} inner join {TRACKS} using (track_key)
        inner join sonic_gold.gold.dim_user using (user_key) order by all
        """
    )
    assert rows == [
        ("Ada", "play", "t1", 20260328, 2330),
        ("Ada", "play", "t1", 20260329, 159),  # the last second of winter time in Berlin
        ("Ada", "play", "t2", 20260329, 30),
        ("Ada", "play", "t3", 20260329, 300),  # the first of summer time, captured twice
        ("Ada", "play", None, 20260329, 1400),
        ("Ada", "playlist_addition", "t2", 20260302, 30),
        ("Ada", "playlist_addition", "t3", 20260401, 2200),  # undated: when first captured
        ("Ada", "playlist_addition", None, 20260302, 30),
        ("Ada", "save", "t1", 20260310, 900),
        ("Ada", "save", "t9", 20260401, 2200),
        ("Bob", "play", "t1", 20260331, 2301),
        ("Bob", "play", "t1", 20260401, 1),
        ("Bob", "play", "t2", 20260331, 2300),
        ("Bob", "save", "t2", 20260311, 400),
        ("stranger", "play", "t1", 20260401, 1200),
    ]


def test_a_play_of_both_the_api_and_the_export_is_one(warehouse: Warehouse) -> None:
    rows = warehouse.query(
        f"""
        select
            track_id, origin, strftime(started_at, '%H:%M:%S'), strftime(occurred_at, '%H:%M:%S'),
            ms_played, is_counted_play, is_skip, reason_end, session_key = -1
        from {FACT} inner join {TRACKS} using (track_key)
        inner join sonic_gold.gold.dim_user using (user_key)
        where user_id = 'bob' and activity_type = 'play' order by occurred_at
        """
    )
    assert rows == [
        ("t2", "both", "02:57:20", "03:00:00", 200_000, True, False, "trackdone", False),
        ("t1", "export", "03:00:40", "03:01:09", 29_000, False, True, "fwdbtn", False),
        ("t1", "export", "03:31:09", "04:01:09", 1_800_000, True, True, None, False),
    ]


def test_half_an_hour_of_silence_is_still_one_session(warehouse: Warehouse) -> None:
    rows = warehouse.query(
        """
        select user_id, cast(local_date as text), count_all_plays, count_plays, count_skips
        from silver.int_sessions order by user_id, started_at
        """
    )
    assert rows == [
        ("ada", "2026-03-28", 1, 1, 0),
        ("ada", "2026-03-29", 1, 1, 0),  # an hour later, over midnight and the change of clocks
        ("ada", "2026-03-29", 2, 2, 0),
        ("ada", "2026-03-29", 1, 1, 0),
        ("bob", "2026-03-31", 3, 2, 2),
        ("stranger", "2026-04-01", 1, 1, 0),
    ]


def test_a_local_file_keeps_what_is_known_of_it(warehouse: Warehouse) -> None:
    rows = warehouse.query(
        "select distinct track_key, artist_key, local_file_uri, local_file_name, local_file_artist "
        f"from {FACT} where local_file_uri is not null"
    )
    assert rows == [(-1, -1, "spotify:local:Ada:Tapes:Engine:90", "Engine", "Ada")]


def test_tracks_are_touched_or_recommended_ones_with_their_features(warehouse: Warehouse) -> None:
    rows = warehouse.query(
        "select track_id, track_name, artist_name, feature_source, energy, vibe, is_inferred, "
        f"cast(release_date as text), isrc from {TRACKS} order by track_id nulls first"
    )
    assert rows == [
        (None, "Unknown", "Unknown", None, None, "Unknown", False, None, None),
        ("c1", "Catalogue c1", "Fourth", "kaggle", 0.6, "Energetic", False, "1999-01-01", None),
        ("c2", "Catalogue c2", "Fifth", "kaggle", 0.5, "Calm", False, "1999-01-01", None),
        ("t1", "One", "First", "reccobeats", 0.9, "Energetic", False, "2020-05-01", "USX1"),
        ("t2", "Two", "Second", "kaggle", 0.3, "Calm", False, "2020-05-01", None),
        ("t3", "Catalogue t3", "Third", "kaggle", 0.2, "Depressing", False, "1999-01-01", None),
        ("t9", "Saved t9", "Unknown", None, None, "Unknown", True, None, None),
    ]


def test_artists_are_those_of_spotify_and_of_the_catalogue(warehouse: Warehouse) -> None:
    rows = warehouse.query(
        "select artist_name, is_inferred from sonic_gold.gold.dim_artist order by artist_name"
    )
    assert rows == [
        ("Fifth", False),
        ("First", False),
        ("Fourth", False),
        ("Second", False),
        ("Third", False),
        ("Unknown", False),
    ]


def test_the_vibes_of_a_day(warehouse: Warehouse) -> None:
    rows = warehouse.query(
        """
        select user_id, local_date_key, vibe, count_plays, share_of_plays, mean_valence
        from sonic_gold.gold.mart_vibe_check
        inner join sonic_gold.gold.dim_user using (user_key) order by all
        """
    )
    assert rows == [
        ("ada", 20260328, "Energetic", 1, 1.0, 0.8),
        ("ada", 20260329, "Calm", 1, 0.25, 0.6),
        ("ada", 20260329, "Depressing", 1, 0.25, 0.1),
        ("ada", 20260329, "Energetic", 1, 0.25, 0.8),
        ("ada", 20260329, "Unknown", 1, 0.25, None),  # the local file
        ("bob", 20260331, "Calm", 1, 1.0, 0.6),
        ("bob", 20260401, "Energetic", 1, 1.0, 0.8),
        ("stranger", 20260401, "Energetic", 1, 1.0, 0.8),
    ]


def test_the_newest_recommendations_show(warehouse: Warehouse) -> None:
    rows = warehouse.query(
        f"""
        select user_id, recommendation_rank, track_id, confidence, is_high_match
        from sonic_gold.gold.mart_discover_next inner join {TRACKS} using (track_key)
        inner join sonic_gold.gold.dim_user using (user_key) order by all
        """
    )
    assert rows == [
        ("ada", 1, "c1", 0.75, True),
        ("ada", 2, "c2", 0.5, False),
        ("bob", 1, "t3", 0.75, True),
    ]


def test_the_signal_of_each_touched_track(warehouse: Warehouse) -> None:
    rows = warehouse.query(
        "select user_id, track_id, count_plays, is_saved, is_playlisted, strength "
        "from ml.ml_listener_signal order by all"
    )
    assert rows == [
        ("ada", "t1", 2, True, False, 1.4),  # 0.1 + 2/4 + 0.8
        ("ada", "t2", 1, False, True, 1.033333),  # 0.1 + 1/3 + 0.6
        ("ada", "t3", 1, False, True, 1.033333),
        ("ada", "t9", 0, True, False, 0.9),
        ("bob", "t1", 1, False, False, 0.325),  # one play counts, but both were skipped
        ("bob", "t2", 1, True, False, 1.233333),
        ("stranger", "t1", 1, False, False, 0.433333),
    ]


def test_the_catalogue_holds_what_was_measured(warehouse: Warehouse) -> None:
    rows = warehouse.query(
        "select track_id, artist_name, energy, tempo, isrc, release_year "
        "from ml.ml_catalogue_features order by all"
    )
    assert rows == [
        ("c1", "Fourth", 0.6, None, None, None),
        ("c2", "Fifth", 0.5, None, None, None),
        ("t1", "First", 0.1, None, "USX1", None),
        ("t2", "Second", 0.3, None, None, None),
        ("t3", "Third", 0.2, None, None, None),
    ]


def test_the_calendar_has_every_day_and_the_unknown_one(warehouse: Warehouse) -> None:
    figures = warehouse.query(
        """
        select count(*), min(calendar_date)::text, max(calendar_date)::text,
            count(*) filter (
                iso_week <> weekofyear(calendar_date) or iso_year <> isoyear(calendar_date)
                or iso_day_of_week <> isodow(calendar_date)
                or month_name <> monthname(calendar_date) or day_name <> dayname(calendar_date)
            )
        from sonic_gold.gold.dim_date
        """
    )
    assert figures == [(11_689, "2005-12-31", "2037-12-31", 0)]
