"""The golden world's warehouse after each of its builds, for all tests that look at one."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.dbt.conftest import Warehouse
from tests.golden.expected import Table, tables
from tests.golden.world import DAY_1, DAY_2, Day
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
    """Build one home after the other in one place, which spares parses, and keep a copy of each."""
    warehouse = Warehouse(folder / "home")
    warehouse.home.mkdir()
    again = DAY_2.captured_at + timedelta(hours=1)
    captured_again = replace(DAY_2, captured_at=again, recommendations=[])
    builds: dict[str, tuple[Day | None, list[str]]] = {
        "day_1": (DAY_1, []),
        "day_2": (DAY_2, NO_UNIT_TESTS),
        "captured_again": (captured_again, NO_TESTS),
        "refreshed": (None, ["--full-refresh", *NO_TESTS]),
    }
    for name, (day, arguments) in builds.items():
        if day:
            day.into(warehouse.bronze)
        warehouse.build(*arguments)
        shutil.copytree(warehouse.home, folder / name)


@pytest.fixture(scope="session")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with one home for each build, for reading only by all workers."""
    return made_once(tmp_path_factory, "golden", _make)


@pytest.fixture(scope="session")
def warehouse(golden: Path) -> Warehouse:
    """Return the golden world's warehouse after its first day, for reading only."""
    return Warehouse(golden / "day_1")


@pytest.fixture(scope="session")
def day_1(golden: Path) -> Built:
    return built(Warehouse(golden / "day_1"), "day_1")


@pytest.fixture(scope="session")
def day_2(golden: Path) -> Built:
    return built(Warehouse(golden / "day_2"), "day_2")


@pytest.fixture(scope="session")
def captured_again(golden: Path) -> Built:
    """Return the tables after day 2 was captured again, an hour later, without a change."""
    return built(Warehouse(golden / "captured_again"), "day_2")


@pytest.fixture(scope="session")
def refreshed(golden: Path) -> Built:
    """Return the tables after a full refresh."""
    return built(Warehouse(golden / "refreshed"), "day_2")
