"""What the marts make of the hand-written world, worked out by hand."""

from tests.dbt.conftest import Warehouse

GOLD = "sonic_gold.gold"


def test_every_minute_of_the_day_has_its_part(warehouse: Warehouse) -> None:
    rows = warehouse.query(
        f"""
        select day_part, count(*), min(time_key), max(time_key), min(time_of_day), max(time_of_day)
        from {GOLD}.dim_time group by day_part order by min(time_key)
        """
    )
    assert rows == [
        ("Unknown", 1, -1, -1, "Unknown", "Unknown"),
        ("Night", 360, 0, 559, "00:00", "05:59"),
        ("Morning", 360, 600, 1159, "06:00", "11:59"),
        ("Afternoon", 360, 1200, 1759, "12:00", "17:59"),
        ("Evening", 360, 1800, 2359, "18:00", "23:59"),
    ]


def test_every_artist_of_a_track_is_in_the_bridge(warehouse: Warehouse) -> None:
    rows = warehouse.query(
        f"""
        select tracks.track_id, bridge.artist_position, artists.artist_name
        from {GOLD}.bridge_track_artist as bridge
        inner join {GOLD}.dim_track as tracks using (track_key)
        inner join {GOLD}.dim_artist as artists on bridge.artist_key = artists.artist_key
        where tracks.track_id in ('t1', 't3', 't9') or tracks.track_id is null
        order by tracks.track_id nulls first, bridge.artist_position
        """
    )
    assert rows == [
        (None, 1, "Unknown"),
        ("t1", 1, "First"),
        ("t1", 2, "Second"),
        ("t3", 1, "Third"),
        ("t9", 1, "Unknown"),
    ]


def test_albums_are_those_of_the_tracks_and_the_unknown_one(warehouse: Warehouse) -> None:
    rows = warehouse.query(
        f"select album_id, album_name, is_inferred from {GOLD}.dim_album order by album_id"
    )
    assert rows == [("b1", "Both", False), (None, "Unknown", False)]


def test_the_playlist_of_an_addition_is_described(warehouse: Warehouse) -> None:
    rows = warehouse.query(
        f"select playlist_id, owner_id, is_inferred from {GOLD}.dim_playlist order by playlist_id"
    )
    assert rows == [("mix", "ada", False), (None, None, False)]


def test_windows_end_on_the_listeners_today(warehouse: Warehouse) -> None:
    """The run's clock is 2026-04-02 06:00 UTC: 08:00 in Berlin, 02:00 in New York."""
    rows = warehouse.query(
        f"""
        select window_id, cast(first_date as text), cast(last_date as text), count_plays,
            count_reccobeats_plays, count_kaggle_plays, share_with_features
        from {GOLD}.mart_feature_coverage inner join {GOLD}.dim_user using (user_key)
        where user_id = 'ada' order by window_id
        """
    )
    covered = (5, 2, 2, 0.8)  # t1 twice, t2, t3 and the local file
    assert rows == [
        ("4_weeks", "2026-03-06", "2026-04-02", *covered),
        ("6_months", "2025-10-03", "2026-04-02", *covered),
        ("7_days", "2026-03-27", "2026-04-02", *covered),
        ("all_time", "2026-03-28", "2026-04-02", *covered),
        ("year_2026", "2026-01-01", "2026-04-02", *covered),
    ]


def test_the_favourite_is_whom_most_plays_are_of(warehouse: Warehouse) -> None:
    rows = warehouse.query(
        f"""
        select users.user_id, artists.artist_name, favorites.count_plays, favorites.share_of_plays,
            tracks.track_id, favorites.count_track_plays
        from {GOLD}.mart_favorite_artist as favorites
        inner join {GOLD}.dim_user as users using (user_key)
        inner join {GOLD}.dim_artist as artists using (artist_key)
        inner join {GOLD}.dim_track as tracks on favorites.track_key = tracks.track_key
        where window_id = 'all_time' and users.user_id = 'ada'
        """
    )
    assert rows == [("ada", "First", 2, 0.4, "t1", 2)]


def test_an_aura_is_the_mean_of_the_plays_among_the_pool(warehouse: Warehouse) -> None:
    """Energies 0.9, 0.9, 0.3 and 0.2 beside a pool of 0.1, 0.2, 0.3, 0.5 and 0.6."""
    rows = warehouse.query(
        f"""
        select mean_energy, percentile_energy, mean_valence, percentile_valence, mean_tempo,
            dominant_traits
        from {GOLD}.mart_audio_aura inner join {GOLD}.dim_user using (user_key)
        where window_id = 'all_time' and user_id = 'ada'
        """
    )
    # Valences 0.8, 0.8, 0.6 and 0.1 beside 0.1, 0.1, 0.5, 0.5 and 0.6.
    # Danceability is 0.5 everywhere, and nothing in the pool is below.
    traits = "not for dancing · energetic · cheerful"
    assert rows == [(0.575, 0.8, 0.575, 0.8, None, traits)]
