"""The project as dbt compiles it for Fabric, where there is no database to ask."""

import pytest

from tests.dbt.conftest import Warehouse
from tests.fabric.compiled import Compiled

COMPILE = ("compile", "--target", "fabric", "--no-populate-cache", "--no-introspect")
OF_A_WORKSPACE = ("SONIC_FABRIC_DATABASE", "SONIC_FABRIC_LAKEHOUSE", "SONIC_FABRIC_ML_SCHEMA")


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """Return every SQL model and data test as T-SQL; no workspace of the developer's is named."""
    nowhere = Warehouse(tmp_path_factory.mktemp("fabric"))
    with pytest.MonkeyPatch.context() as patch:
        for name in OF_A_WORKSPACE:
            patch.delenv(name, raising=False)
        nowhere.dbt(*COMPILE)
    return Compiled(nowhere.manifest())
