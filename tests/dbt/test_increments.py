"""Daily increments give the same rows as a full refresh, for random awkward days."""

import os
from pathlib import Path
from random import Random

import duckdb
import pytest

from tests.dbt import bronze
from tests.dbt.conftest import PYTHON_MODELS, Warehouse
from tests.dbt.days import World
from tests.dbt.differences import differences

pytestmark = pytest.mark.whole

SEED = 6318  # its three days have every case that tests/dbt/test_days.py names
SOAK_SEED = int(os.environ.get("SONIC_TEST_SEED") or Random().randrange(10**6))
UNTESTED = ("--exclude-resource-type", "test", "unit_test")


class Homes:
    """A home that grows by increments, and one that is refreshed from a copy of its Bronze."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.world, self.seed = World(Random(seed)), seed
        self.increments, self.refreshed = Warehouse(folder / "a"), Warehouse(folder / "b")
        for warehouse in (self.increments, self.refreshed):
            warehouse.home.mkdir()

    def live(self, number: int, last: bool = False) -> None:
        """Load a day and build the increment; on the last day run all data tests too."""
        loads = self.world.day(number, last)
        for load in loads:
            load.into(self.increments.bronze)
        if loads:
            bronze.recommend(self.increments.bronze, self.world.recommended())
        if number == 0:
            self.increments.build(*UNTESTED)
        elif last:
            self.increments.build("--exclude-resource-type", "unit_test")
        else:
            self.increments.dbt("run", "--exclude", *PYTHON_MODELS)

    def compare(self, number: int) -> None:
        """Build all from the same Bronze, with its rows in another order, and compare."""
        for name in ("sonic.duckdb", "sonic_gold.duckdb"):
            (self.refreshed.home / name).unlink(missing_ok=True)
        with duckdb.connect(str(self.refreshed.bronze)) as connection:
            connection.execute(f"attach '{self.increments.bronze}' as a (read_only)")
            tables = connection.execute(
                """
                select schema_name, table_name from duckdb_tables()
                where database_name = 'a'
                    and (schema_name = 'bronze' or table_name = 'ml_recommendations')
                """
            ).fetchall()
            for schema, table in tables:
                connection.execute(f"create schema if not exists {schema}")
                connection.execute(
                    f"""
                    create table {schema}.{table} as
                    from a.{schema}.{table} order by hash(rowid + {number})
                    """
                )
        self.refreshed.build("--full-refresh", *UNTESTED)
        found = differences(self.increments.home, self.refreshed.home)
        assert not found, f"seed {self.seed}, day {number}:\n" + "\n".join(found)


def test_three_days_of_increments_are_as_a_full_refresh(tmp_path: Path) -> None:
    homes = Homes(tmp_path, SEED)
    for number in range(3):
        homes.live(number)
        if number > 0:  # the first day is a full build in both
            homes.compare(number)


@pytest.mark.soak
def test_thirty_days_of_increments_are_as_a_full_refresh(tmp_path: Path) -> None:
    print(f"SONIC_TEST_SEED={SOAK_SEED}")  # noqa: T201
    homes = Homes(tmp_path, SOAK_SEED)
    for number in range(30):
        last = number == 29
        homes.live(number, last)
        if last or number % 5 == 4:
            homes.compare(number)
