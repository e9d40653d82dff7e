"""Gold of the golden world has the figures worked out by hand, however it was built."""

import pytest

from tests.dbt.conftest import Warehouse
from tests.golden.builds import Built
from tests.golden.expected import differences, tables

BY_FORMULA = {"dim_date", "dim_time"}  # in test_calendar.py
GOLD = "select table_name from duckdb_tables() where database_name = 'sonic_gold'"


def check(day: str, name: str, built: Built) -> None:
    if found := differences(day, name, built[name]):
        pytest.fail(found, pytrace=False)


@pytest.mark.parametrize("name", tables("day_1"))
def test_the_first_day_is_as_worked_out(name: str, day_1: Built) -> None:
    check("day_1", name, day_1)


@pytest.mark.parametrize("name", tables("day_2"))
def test_the_second_day_is_as_worked_out(name: str, day_2: Built) -> None:
    check("day_2", name, day_2)


@pytest.mark.parametrize("name", tables("day_2"))
def test_what_is_captured_again_changes_nothing(name: str, captured_again: Built) -> None:
    check("day_2", name, captured_again)


@pytest.mark.parametrize("name", tables("day_2"))
def test_a_full_refresh_gives_the_same_rows(name: str, refreshed: Built) -> None:
    check("day_2", name, refreshed)


def test_no_table_of_gold_is_left_out(warehouse: Warehouse) -> None:
    expected = {name for name in tables("day_2") if not name.startswith("ml_")}
    assert {row[0] for row in warehouse.query(GOLD)} == expected | BY_FORMULA
