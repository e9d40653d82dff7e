"""A warehouse that an older version built keeps no relation under the old name of a model."""

import re
import shutil
from pathlib import Path

import duckdb
import pytest

from tests.dbt.conftest import PROJECT, PYTHON_MODELS, Warehouse
from tests.dbt.differences import differences
from tests.golden.world import DAY_1

pytestmark = pytest.mark.whole

LIST = (PROJECT / "macros" / "adapters" / "renamed_models.sql").read_text()
OLD_NAMES = {new: old for old, new in re.findall(r"'(\w+)': '(\w+)'", LIST)}
NEW_NAME = re.compile(rf"\b({'|'.join(OLD_NAMES)})\b")
UNTESTED = ("--exclude-resource-type", "test", "unit_test")
FAILS = "assert_inferred_members_stay_rare"
ALL_MODELS_AND_ONE_TEST = (
    f"--select resource_type:model resource_type:seed {FAILS} --indirect-selection empty"
).split()
NO_INFERRED_MEMBERS = "{max_inferred_share: -1, bounds_from_rows: 0}"


@pytest.fixture(scope="module")
def current(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Return a warehouse that this version built."""
    warehouse = Warehouse(tmp_path_factory.mktemp("current"))
    DAY_1.into(warehouse.bronze)
    warehouse.dbt("build", *UNTESTED)
    return warehouse


@pytest.fixture
def old(current: Warehouse, tmp_path: Path) -> Warehouse:
    """Return the same warehouse as the version with the old names would leave it."""
    home = shutil.copytree(current.home, tmp_path / "old", ignore=shutil.ignore_patterns("target"))
    models = {node["name"]: node for node in current.manifest()["nodes"].values()}
    with duckdb.connect(str(home / "sonic.duckdb")) as connection:
        connection.execute(f"attach '{home}/sonic_gold.duckdb' as sonic_gold")
        views = connection.execute(
            "select view_name from duckdb_views() where schema_name = 'silver' order by view_oid"
        ).fetchall()
        for new, old_name in OLD_NAMES.items():
            kind = "view" if (new,) in views else "table"
            connection.execute(f"alter {kind} silver.{new} rename to {old_name}")
        for (view,) in views:
            if view in OLD_NAMES or NEW_NAME.search(models[view]["compiled_code"]):
                sql = NEW_NAME.sub(lambda name: OLD_NAMES[name[0]], models[view]["compiled_code"])
                name = OLD_NAMES.get(view, view)
                connection.execute(f"create or replace view silver.{name} as ({sql})")
    warehouse = Warehouse(home)
    assert old_names_in(warehouse) == set(OLD_NAMES.values())
    return warehouse


def old_names_in(warehouse: Warehouse) -> set[str]:
    rows = warehouse.query("select table_name from information_schema.tables")
    return {name for (name,) in rows} & set(OLD_NAMES.values())


def test_a_complete_build_drops_the_old_names_and_changes_no_row(
    current: Warehouse, old: Warehouse
) -> None:
    output = old.dbt("build", *UNTESTED)
    assert all(f"which is now {name}" in output for name in OLD_NAMES)
    assert differences(old.home, current.home) == []  # names every relation of one home only


def test_a_partial_or_failed_build_drops_nothing(old: Warehouse) -> None:
    old.build(*UNTESTED)
    assert old_names_in(old) == set(OLD_NAMES.values())
    with pytest.raises(AssertionError, match=f"Failure in test {FAILS}"):
        old.dbt("build", *ALL_MODELS_AND_ONE_TEST, "--vars", NO_INFERRED_MEMBERS)
    assert old_names_in(old) == set(OLD_NAMES.values())


def test_no_model_has_an_old_name_again(current: Warehouse) -> None:
    models = {node["name"] for node in current.manifest()["nodes"].values()}
    assert models >= {*OLD_NAMES, *PYTHON_MODELS}
    assert not models & set(OLD_NAMES.values())
