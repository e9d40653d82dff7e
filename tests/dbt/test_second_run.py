"""Running again with the same input changes nothing."""

from datetime import timedelta

from tests.dbt import bronze
from tests.dbt.conftest import Warehouse

GOLD = "select table_name from duckdb_tables() where database_name = 'sonic_gold' order by all"


def gold(warehouse: Warehouse) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of all Gold tables, without when they were loaded."""
    tables = [str(row[0]) for row in warehouse.query(GOLD)]
    columns = "columns(c -> c <> 'loaded_at')"
    return {
        name: warehouse.query(f"select {columns} from sonic_gold.gold.{name} order by all")
        for name in tables
    }


def test_the_same_bronze_captured_again_gives_the_same_gold(warehouse: Warehouse) -> None:
    before = gold(warehouse)
    bronze.append(warehouse.bronze, captured_at=bronze.FIRST_CAPTURE + timedelta(days=1))
    warehouse.build("--exclude-resource-type", "test", "unit_test", "seed")
    assert gold(warehouse) == before
    assert set(before) == {
        *("dim_album", "dim_artist", "dim_date", "dim_playlist"),
        *("dim_time", "dim_track", "dim_user"),
        *("bridge_track_artist", "fct_top_item", "fct_user_activity"),
        *("mart_audio_aura", "mart_capture_gap", "mart_discover_next", "mart_favorite_artist"),
        *("mart_feature_coverage", "mart_listening_session", "mart_vibe_check"),
    }
