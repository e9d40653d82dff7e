"""Bronze, and what only Python makes, are read from the Lakehouse that the environment names."""

import pytest

from tests.dbt.conftest import Warehouse
from tests.fabric.compiled import Compiled
from tests.fabric.conftest import COMPILE


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the T-SQL of two models for a workspace with names of its own."""
    nowhere = Warehouse(tmp_path_factory.mktemp("workspace"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SONIC_FABRIC_DATABASE", "house")
        patch.setenv("SONIC_FABRIC_LAKEHOUSE", "lake")
        patch.setenv("SONIC_FABRIC_ML_SCHEMA", "learned")
        nowhere.dbt(*COMPILE, "--select", "mart_discover_next", "stg_spotify__plays")
    compiled = Compiled(nowhere.manifest())
    return {name: node.get("compiled_code") or "" for name, node in compiled.models.items()}


@pytest.mark.parametrize(
    ("model", "relation"),
    [
        ("stg_spotify__plays", "[lake].[bronze].[spotify_plays]"),
        ("mart_discover_next", "[lake].[learned].[ml_recommendations]"),
        ("mart_discover_next", "[house].[silver].[stg_sonic__listeners]"),
    ],
)
def test_each_relation_has_its_place(model: str, relation: str, models: dict[str, str]) -> None:
    assert f"from {relation}" in models[model]


def test_no_model_of_python_is_left(models: dict[str, str]) -> None:
    assert {"ml_catalogue_features", "ml_listener_signal"} == {
        name for name in models if name.startswith("ml_")
    }
