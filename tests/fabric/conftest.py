"""The project as dbt compiles it for Fabric, without a database."""

import shutil
from pathlib import Path

import pytest

from tests.dbt.conftest import Warehouse
from tests.fabric.binder import Binder
from tests.fabric.compiled import Compiled
from tests.fabric.native import Native

COMPILE = ("compile", "--target", "fabric", "--no-populate-cache", "--no-introspect")
OF_A_WORKSPACE = ("SONIC_FABRIC_DATABASE", "SONIC_FABRIC_LAKEHOUSE", "SONIC_FABRIC_ML_SCHEMA")


def compile_in(warehouse: Warehouse, *arguments: str, **workspace: str) -> Compiled:
    """Return SQL models and data tests as T-SQL, for a workspace with the given names."""
    with pytest.MonkeyPatch.context() as patch:
        for name in OF_A_WORKSPACE:
            patch.delenv(name, raising=False)
        for name, value in workspace.items():
            patch.setenv(name, value)
        warehouse.dbt(*COMPILE, *arguments)
    return Compiled(warehouse.manifest())


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """Return the project, compiled."""
    return compile_in(Warehouse(tmp_path_factory.mktemp("fabric")))


@pytest.fixture(scope="session")
def native(golden: Path, tmp_path_factory: pytest.TempPathFactory) -> Native:
    """Return the golden world, built by DuckDB; a copy, since its connection stays open."""
    home = tmp_path_factory.mktemp("native") / "home"
    return Native(Warehouse(shutil.copytree(golden / "refreshed", home)))


@pytest.fixture
def bind(shared: Path, tmp_path: Path) -> Binder:
    """Return the checker beside the project; skip the test where there is none."""
    return Binder(shared / "tools" / "tsql" / "check", tmp_path)
