"""Microsoft's own compiler resolves every name in every model and data test."""

from tests.fabric.binder import Binder
from tests.fabric.compiled import Compiled


def test_every_model_binds(compiled: Compiled, bind: Binder) -> None:
    count = len(compiled.models) + len(compiled.tables)
    assert bind(compiled, compiled.models) == f"{count} objects bind\n"


def test_every_data_test_binds(compiled: Compiled, bind: Binder) -> None:
    tests = {
        name: {**node, "resource_type": "model", "schema": "tests", "alias": f"test_{number}"}
        for number, (name, node) in enumerate(compiled.tests.items())
    }
    count = len(compiled.models) + len(compiled.tables) + len(tests)
    assert bind(compiled, {**compiled.models, **tests}) == f"{count} objects bind\n"


def test_a_missing_column_is_found(compiled: Compiled, bind: Binder) -> None:
    broken = {
        name: {**node, "compiled_code": node["compiled_code"].replace("time_zone", "timezone")}
        for name, node in compiled.models.items()
    }
    assert "timezone" in bind(compiled, broken)
