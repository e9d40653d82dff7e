"""Every name in every model and data test resolves, as Microsoft's own compiler sees it."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.fabric.compiled import Compiled


class Binder:
    """The checker beside the project."""

    def __init__(self, check: Path, folder: Path) -> None:
        self._check = check
        self._folder = folder

    def __call__(self, compiled: Compiled, nodes: dict[str, Any]) -> str:
        """Return what it prints of some nodes, taken as models."""
        manifest = self._written("manifest", {"nodes": nodes})
        tables = self._written("tables", compiled.tables)
        command = [str(self._check), "--manifest", manifest, "--tables", tables]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600)
        assert done.returncode < 2, done.stderr
        return done.stdout

    def _written(self, name: str, content: dict[str, Any]) -> str:
        path = self._folder / f"{name}.json"
        path.write_text(json.dumps(content))
        return str(path)


@pytest.fixture
def bind(shared: Path, tmp_path: Path) -> Binder:
    return Binder(shared / "tools" / "tsql" / "check", tmp_path)


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


def test_a_column_that_is_not_there_is_found(compiled: Compiled, bind: Binder) -> None:
    broken = {
        name: {**node, "compiled_code": node["compiled_code"].replace("time_zone", "timezone")}
        for name, node in compiled.models.items()
    }
    assert "timezone" in bind(compiled, broken)
