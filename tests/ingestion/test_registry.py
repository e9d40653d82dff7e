from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.listeners.registry import FIRST_INSTANT, LAST_INSTANT, offset_ranges, registry_tables
from oauth.tokens import Connection

ranges_of = cache(offset_ranges)
ZONES = ["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"]


def test_berlin_changes_its_offset_at_one_o_clock_utc() -> None:
    ranges = offset_ranges("Europe/Berlin")
    assert (ranges[1]["valid_from"], ranges[1]["offset_minutes"]) == (
        datetime(2006, 3, 26, 1, tzinfo=UTC),
        120,
    )


@given(st.sampled_from(ZONES), st.integers(0, (LAST_INSTANT - FIRST_INSTANT).days * 1440 - 1))
def test_each_instant_is_in_one_range_with_the_offset_of_zoneinfo(zone: str, minute: int) -> None:
    instant = FIRST_INSTANT + timedelta(minutes=minute)
    covering = [
        each for each in ranges_of(zone) if each["valid_from"] <= instant < each["valid_to"]
    ]
    offset = instant.astimezone(ZoneInfo(zone)).utcoffset()
    assert [timedelta(minutes=each["offset_minutes"]) for each in covering] == [offset]


def test_tokens_stay_in_the_store() -> None:
    noon = datetime(2026, 5, 1, 12, tzinfo=UTC)
    anna = Connection("anna", "Anna", "Europe/Berlin", "app", noon, "planted-token")
    tables = registry_tables([anna], [], noon)
    (row,) = tables["sonic_listeners"].drop(["source_file", "captured_at"]).to_pylist()
    assert row == {
        "user_id": "anna",
        "display_name": "Anna",
        "time_zone": "Europe/Berlin",
        "app_id": "app",
        "connected_at": noon,
        "token_state": "active",
    }
    assert tables["sonic_run_clock"]["as_of"].to_pylist() == [noon]
    assert pc.count_distinct(tables["sonic_time_zone_offsets"]["time_zone"]).as_py() == 1
    assert not any("planted" in str(table.to_pydict()) for table in tables.values())


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(KeyError):
        offset_ranges("Mars/Olympus")
