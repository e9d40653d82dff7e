"""Bronze and the Python models' tables are read from the Lakehouse that the environment names."""

import pytest

from tests.dbt.conftest import Warehouse
from tests.fabric.compiled import Compiled
from tests.fabric.conftest import compile_in


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """Return two models for a workspace with names of its own."""
    return compile_in(
        Warehouse(tmp_path_factory.mktemp("workspace")),
        *("--select", "mart_discover_next", "stg_spotify__plays"),
        SONIC_FABRIC_DATABASE="house",
        SONIC_FABRIC_LAKEHOUSE="lake",
        SONIC_FABRIC_ML_SCHEMA="learned",
    )


@pytest.mark.parametrize(
    ("model", "relation"),
    [
        ("stg_spotify__plays", "[lake].[bronze].[spotify_plays]"),
        ("mart_discover_next", "[lake].[learned].[ml_recommendations]"),
        ("mart_discover_next", "[house].[silver].[stg_sonic__listeners]"),
    ],
)
def test_each_relation_has_its_place(model: str, relation: str, workspace: Compiled) -> None:
    assert f"from {relation}" in workspace.models[model]["compiled_code"]


def test_no_python_model_is_enabled(workspace: Compiled) -> None:
    assert all(node["language"] == "sql" for node in workspace.models.values())
