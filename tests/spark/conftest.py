"""The golden world on both engines, in one home."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from dbt.cli.main import dbtRunner

from sonic.engines import compare, spark
from sonic.engines.compact import tables_in
from sonic.engines.compare import Compared
from sonic.errors import UserError
from sonic.settings import Settings, load_settings
from tests.dbt.conftest import PROJECT, PYTHON_MODELS, Warehouse
from tests.golden.world import Day
from tests.spark.lake import copy_inputs

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# Tables have a few rows: what makes large data fast only costs time here.
SMALL = {
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.defaultJavaOptions": "-XX:+UseSerialGC -XX:ReservedCodeCacheSize=256m",
}


class Engines:
    """A home that DuckDB and Spark build from the same Bronze."""

    def __init__(self, home: Path) -> None:
        self.warehouse = Warehouse(home)
        self.settings: Settings = load_settings(home=home, target="spark")
        self.session: SparkSession = spark.session(str(home))

    def load(self, day: Day) -> None:
        """Load a day, with the recommendations that the Python models would write, on both."""
        day.into(self.warehouse.bronze)
        lake = Path(self.settings.lake)
        copy_inputs(self.warehouse.bronze, lake)
        self.session.sql(f"create schema if not exists ml location '{lake}/ml'")
        table = "ml_recommendations"
        self.session.sql(
            f"create table if not exists ml.{table} using delta location '{lake}/ml/{table}'"
        )
        self.session.sql(f"refresh table ml.{table}")

    def build(self, *arguments: str) -> None:
        """Build all but the Python models on both engines; the arguments are for Spark's."""
        self.warehouse.build("--exclude-resource-type", "test", "unit_test")
        self.build_on_spark(*arguments)

    def build_on_spark(self, *arguments: str) -> None:
        """Build all but the Python models, only on Spark."""
        self.dbt("build", "--exclude", *PYTHON_MODELS, *arguments)

    def dbt(self, *command: str) -> None:
        """Run dbt on Spark in this process and its session."""
        folders = ("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT))
        done = dbtRunner().invoke([*command, "--target", "spark", *folders, "--log-level", "none"])
        failed = [
            f"{each.node.name}: {(each.message or '')[:1500]}"
            for each in done.result or []
            if each.status in ("error", "fail")
        ]
        assert done.success, "\n".join(failed) or str(done.exception)

    def compared(self) -> list[Compared]:
        """Compare every table of the two engines."""
        return list(compare.compare(self.settings, self.session))

    def contents(self) -> dict[str, Counter[str]]:
        """Return the rows of every Gold table, without `loaded_at`."""
        return {
            name: Counter(map(str, self.session.table(f"gold.{name}").drop("loaded_at").collect()))
            for name in tables_in(self.session, "gold")
        }


@pytest.fixture(scope="package")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    """Return an empty home; skip the tests where Spark is not set up, but not in CI."""
    try:
        spark.check_installed(load_settings(target="spark"))
    except UserError as missing:
        if os.environ.get("CI"):
            pytest.fail(f"CI must have Spark: {missing}")
        pytest.skip(str(missing))
    home = tmp_path_factory.mktemp("engines")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SONIC_HOME", str(home))
        patch.setenv("SONIC_SPARK_MASTER", "local[2]")
        patch.setenv("SONIC_SPARK_CONF", json.dumps(SMALL))
        patch.setenv("DBT_TARGET_PATH", str(home / "target_spark"))
        patch.setenv("DBT_LOG_PATH", str(home / "logs_spark"))
        yield Engines(home)
