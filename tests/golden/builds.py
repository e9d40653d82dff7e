"""The golden world's warehouse after each of its builds, for all tests that need one."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.dbt.conftest import Warehouse
from tests.golden.expected import Table, tables
from tests.golden.world import DAY_1, DAY_2

Built = Mapping[str, Table]

NO_UNIT_TESTS = ["--exclude-resource-type", "unit_test"]  # they read no data, so once is enough
NO_TESTS = ["--exclude-resource-type", "test", "unit_test", "seed"]


def built(warehouse: Warehouse, day: str) -> Built:
    """Return the built tables that a day has expectations for."""
    return {name: read(warehouse, name) for name in tables(day)}


def read(warehouse: Warehouse, name: str) -> Table:
    """Return a table of Gold, or of ML if its name begins with `ml_`."""
    table = f"ml.{name}" if name.startswith("ml_") else f"sonic_gold.gold.{name}"
    columns = [str(row[0]) for row in warehouse.query(f"describe {table}")]
    return Table(columns, warehouse.query(f"from {table}"))


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Return a warehouse built from the golden world's first day; later fixtures add to it."""
    grown = Warehouse(tmp_path_factory.mktemp("home"))
    DAY_1.into(grown.bronze)
    grown.build()
    return grown


@pytest.fixture(scope="session")
def day_1(warehouse: Warehouse) -> Built:
    return built(warehouse, "day_1")


@pytest.fixture(scope="session")
def day_2(warehouse: Warehouse, day_1: Built) -> Built:
    DAY_2.into(warehouse.bronze)
    warehouse.build(*NO_UNIT_TESTS)
    return built(warehouse, "day_2")


@pytest.fixture(scope="session")
def captured_again(warehouse: Warehouse, day_2: Built) -> Built:
    """Capture the second day again, an hour later, without a change."""
    later = DAY_2.captured_at + timedelta(hours=1)
    replace(DAY_2, captured_at=later, recommendations=[]).into(warehouse.bronze)
    warehouse.build(*NO_TESTS)
    return built(warehouse, "day_2")


@pytest.fixture(scope="session")
def refreshed(warehouse: Warehouse, captured_again: Built) -> Built:
    warehouse.build("--full-refresh", *NO_TESTS)
    return built(warehouse, "day_2")
