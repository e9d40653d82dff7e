"""Spark builds the same rows and columns as DuckDB; one session serves all tests."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from rich.console import Console

from ml.runtime import instant, to_pandas, write
from ml.serving.recommend import recommend
from ml.training.train import train_ranker
from sonic.engines.compact import compact
from sonic.engines.compare import TOLERANCE, Compared, show
from sonic.errors import StageError
from tests.dbt.conftest import PYTHON_MODELS
from tests.dbt.test_renamed_models import OLD_NAMES
from tests.golden.world import DAY_1, DAY_2
from tests.ml import worlds
from tests.spark.conftest import Engines

NO_TESTS = ["--exclude-resource-type", "test", "unit_test"]


@pytest.fixture(scope="module")
def day_1(engines: Engines) -> list[Compared]:
    engines.load(DAY_1)
    engines.build(*NO_TESTS)
    return engines.compared()


@pytest.fixture(scope="module")
def day_2(engines: Engines, day_1: list[Compared]) -> list[Compared]:
    engines.load(DAY_2)
    engines.build(*NO_TESTS)
    return engines.compared()


def test_the_first_day_is_the_same(day_1: list[Compared]) -> None:
    check(day_1)


def test_the_second_day_is_the_same(day_2: list[Compared]) -> None:
    check(day_2)


@pytest.mark.soak  # on DuckDB every run of CI does it; on Spark it takes minutes
def test_data_captured_again_changes_nothing(engines: Engines, day_2: list[Compared]) -> None:
    before = engines.contents()
    later = DAY_2.captured_at + timedelta(hours=1)
    engines.load(replace(DAY_2, captured_at=later, recommendations=[]))
    engines.build_on_spark(*NO_TESTS)
    assert {name for name, rows in engines.contents().items() if rows != before[name]} == set()


def test_the_singular_tests_hold_on_spark(engines: Engines, day_2: list[Compared]) -> None:
    engines.dbt("test", "--select", "test_type:singular")


def test_old_names_of_models_are_dropped(engines: Engines, day_2: list[Compared]) -> None:
    for name in OLD_NAMES.values():
        engines.session.sql(f"create view silver.{name} as select 1 as play_id")
    engines.session.sql("drop view silver.int_told_days")
    engines.session.sql("create table silver.int_told_days using delta as select 1 as user_id")
    before = engines.contents()
    engines.dbt("run-operation", "drop_renamed_models")
    names = {row["tableName"] for row in engines.session.sql("show tables in silver").collect()}
    assert not names & set(OLD_NAMES.values())
    assert names >= set(OLD_NAMES)
    assert engines.contents() == before


@pytest.mark.soak
def test_compaction_changes_no_row(engines: Engines, day_2: list[Compared]) -> None:
    before = engines.contents()
    assert "tables" in compact(engines.session, 168, lambda done, total: None)
    assert engines.contents() == before


@pytest.mark.soak
def test_a_value_that_differs_is_reported(
    engines: Engines, day_2: list[Compared], capsys: pytest.CaptureFixture[str]
) -> None:
    engines.session.sql("update gold.fct_user_activity set ms_played = 1 where origin = 'export'")
    with pytest.raises(StageError, match=r"differ in .*gold\.fct_user_activity"):
        show(engines.settings, Console(width=100))
    assert "gold.fct_user_activity" in capsys.readouterr().out


@pytest.mark.soak
def test_the_python_models_give_the_same_rows_on_spark(
    engines: Engines, day_2: list[Compared], tmp_path: Path
) -> None:
    catalogue = worlds.catalogue().assign(artist_id="")
    signal = worlds.signal(catalogue, ada=["t00001", "t00007"], bob=["t01000"])
    for name, frame in (("ml_catalogue_features", catalogue), ("ml_listener_signal", signal)):
        write(engines.session, pa.Table.from_pandas(frame, preserve_index=False), f"ml.{name}")
    clock = instant(engines.session.table("silver.stg_sonic__run_clock"))

    engines.dbt("run", "--select", *PYTHON_MODELS)
    engines.dbt("run", "--select", *PYTHON_MODELS)

    ranker = train_ranker(catalogue, signal, clock).to_pandas()
    expected = recommend(
        catalogue=catalogue,
        signal=signal,
        listeners=to_pandas(engines.session.table("silver.stg_sonic__listeners")),
        ranker=ranker,
        as_of=clock,
        folder=tmp_path,
    )
    given = to_pandas(engines.session.table("ml.ml_recommendations"))
    ours = given[given["as_of"] == clock].sort_values(["user_id", "rank"], ignore_index=True)
    assert ours.to_dict("records") == expected.to_pandas().to_dict("records")


def check(compared: list[Compared]) -> None:
    assert len(compared) > 60
    assert [each for each in compared if each.differing] == []
    assert max(each.largest for each in compared) <= TOLERANCE
