"""The golden world's warehouse after each of its builds, for all tests that look at one."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.dbt.conftest import Warehouse
from tests.golden.expected import Table, tables
from tests.golden.world import DAY_1, DAY_2
from tests.homes import made_once

Built = Mapping[str, Table]

NO_UNIT_TESTS = ["--exclude-resource-type", "unit_test"]  # they read no data: once is enough
NO_TESTS = ["--exclude-resource-type", "test", "unit_test", "seed"]


def built(warehouse: Warehouse, day: str) -> Built:
    """Return the tables that are expected after a day, as they are."""
    return {name: read(warehouse, name) for name in tables(day)}


def read(warehouse: Warehouse, name: str) -> Table:
    """Return a table of Gold, or of ML if its name says so."""
    table = f"ml.{name}" if name.startswith("ml_") else f"sonic_gold.gold.{name}"
    columns = [str(row[0]) for row in warehouse.query(f"describe {table}")]
    return Table(columns, warehouse.query(f"from {table}"))


def _make(folder: Path) -> None:
    """Build both days in one home, which spares a parse, and keep a copy of each."""
    warehouse = Warehouse(folder / "home")
    warehouse.home.mkdir()
    for name, day, left_out in (("day_1", DAY_1, []), ("day_2", DAY_2, NO_UNIT_TESTS)):
        day.into(warehouse.bronze)
        warehouse.build(*left_out)
        shutil.copytree(warehouse.home, folder / name)


@pytest.fixture(scope="session")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the homes `day_1` and `day_2`, for reading only by all workers."""
    return made_once(tmp_path_factory, "golden", _make)


@pytest.fixture(scope="session")
def warehouse(golden: Path) -> Warehouse:
    """Return the golden world's warehouse after its first day, for reading only."""
    return Warehouse(golden / "day_1")


@pytest.fixture(scope="session")
def both_days(golden: Path) -> Warehouse:
    """Return the golden world's warehouse after both days, for reading only."""
    return Warehouse(golden / "day_2")


@pytest.fixture(scope="session")
def day_1(warehouse: Warehouse) -> Built:
    return built(warehouse, "day_1")


@pytest.fixture(scope="session")
def day_2(both_days: Warehouse) -> Built:
    return built(both_days, "day_2")


@pytest.fixture(scope="session")
def later(golden: Path, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Return a copy of the second day's warehouse, to continue from."""
    return Warehouse(shutil.copytree(golden / "day_2", tmp_path_factory.mktemp("later") / "home"))


@pytest.fixture(scope="session")
def captured_again(later: Warehouse) -> Built:
    """Capture the second day once more, an hour later and to no effect."""
    an_hour_later = DAY_2.captured_at + timedelta(hours=1)
    replace(DAY_2, captured_at=an_hour_later, recommendations=[]).into(later.bronze)
    later.build(*NO_TESTS)
    return built(later, "day_2")


@pytest.fixture(scope="session")
def refreshed(later: Warehouse, captured_again: Built) -> Built:
    """Build all of it again by a full refresh."""
    later.build("--full-refresh", *NO_TESTS)
    return built(later, "day_2")
