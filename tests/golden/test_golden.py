"""Gold of the golden world is what was worked out by hand, whichever way it was built."""

import pytest

from tests.dbt.conftest import Warehouse
from tests.golden import bronze
from tests.golden.expected import Table, differences, tables
from tests.golden.world import DAY_1, DAY_2

Gold = dict[str, Table]

RULE_TESTS = ["--exclude-resource-type", "unit_test"]  # they read no data, so once is enough
NO_TESTS = ["--exclude-resource-type", "test", "unit_test", "seed"]


def gold(warehouse: Warehouse, day: str) -> Gold:
    """Return the tables that are expected after a day, as they are."""
    return {name: warehouse.table(name) for name in tables(day)}


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return Warehouse(tmp_path_factory.mktemp("golden"))


@pytest.fixture(scope="session")
def day_1(home: Warehouse) -> Gold:
    bronze.load(DAY_1, home.bronze)
    home.build()
    return gold(home, "day_1")


@pytest.fixture(scope="session")
def day_2(home: Warehouse, day_1: Gold) -> Gold:
    bronze.load(DAY_2, home.bronze)
    home.build(*RULE_TESTS)
    return gold(home, "day_2")


@pytest.fixture(scope="session")
def anew(home: Warehouse, day_2: Gold) -> Gold:
    home.build("--full-refresh", *NO_TESTS)
    return gold(home, "day_2")


@pytest.mark.parametrize("name", tables("day_1"))
def test_the_first_day_is_as_worked_out(name: str, day_1: Gold) -> None:
    assert not (told := differences("day_1", name, day_1[name])), told


@pytest.mark.parametrize("name", tables("day_2"))
def test_the_second_day_is_as_worked_out(name: str, day_2: Gold) -> None:
    assert not (told := differences("day_2", name, day_2[name])), told


@pytest.mark.parametrize("name", tables("day_2"))
def test_all_days_at_once_are_as_one_after_the_other(name: str, anew: Gold) -> None:
    assert not (told := differences("day_2", name, anew[name])), told
