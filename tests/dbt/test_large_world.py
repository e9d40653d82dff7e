"""The benchmark's world, at a small size, passes every data test."""

from pathlib import Path

import pytest

from bench.world import World
from tests.dbt.conftest import Warehouse

pytestmark = pytest.mark.whole


def test_the_world_of_the_benchmark_is_sound(tmp_path: Path) -> None:
    world = World(tmp_path / "home", plays=20_000, tracks=20_000, listeners=20)
    world.write()
    warehouse = Warehouse(world.home)
    warehouse.build("--exclude-resource-type", "test", "unit_test")
    world.append_day(1)
    warehouse.build("--exclude-resource-type", "unit_test")
    (figures,) = warehouse.query(
        """
        select count(*) > 18000, count(distinct origin), count(*) filter (is_skip) > 0
        from sonic_gold.gold.fct_user_activity
        where activity_type = 'play'
        """
    )
    assert figures == (True, 3, True)
