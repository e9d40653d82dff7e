"""Spark builds of the golden world what DuckDB builds of it: every row, every column."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sonic.compare import TOLERANCE, Compared
from tests.golden.world import DAY_1, DAY_2
from tests.spark.conftest import Engines

NO_UNIT_TESTS = ["--exclude-resource-type", "unit_test"]
NO_TESTS = ["--exclude-resource-type", "test", "unit_test"]


@pytest.fixture(scope="module")
def day_1(engines: Engines) -> list[Compared]:
    engines.take_in(DAY_1)
    engines.build(*NO_UNIT_TESTS)
    return engines.compared()


@pytest.fixture(scope="module")
def day_2(engines: Engines, day_1: list[Compared]) -> list[Compared]:
    engines.take_in(DAY_2)
    engines.build(*NO_TESTS)
    return engines.compared()


def test_the_first_day_is_the_same(day_1: list[Compared]) -> None:
    check(day_1)


def test_the_second_day_is_the_same(day_2: list[Compared]) -> None:
    check(day_2)


def test_what_is_captured_again_changes_nothing(engines: Engines, day_2: list[Compared]) -> None:
    before = engines.contents()
    later = DAY_2.captured_at + timedelta(hours=1)
    engines.take_in(replace(DAY_2, captured_at=later, recommendations=[]))
    engines.build_on_spark(*NO_TESTS)
    assert {name for name, rows in engines.contents().items() if rows != before[name]} == set()


def check(compared: list[Compared]) -> None:
    assert len(compared) > 60
    assert [each for each in compared if each.differing] == []
    assert max(each.largest for each in compared) <= TOLERANCE
