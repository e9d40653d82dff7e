"""Shared by all tests: the folder beside the project, homes, and which tests are fast."""

import os
from pathlib import Path

import pytest

import ml  # noqa: F401 - sets how NumPy adds, before anything imports it

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
pytest_plugins = ["tests.golden.builds", "tests.homes"]
SLOWEST_FIRST = ("spark", "sonic", "dbt")  # so that no worker is alone with one of them at the end
WHOLE = {"compiled", "compiled_sql", "demo", "engines", "golden", "home", "installed"}
WHOLE |= {"small_demo", "workspace"}
SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data beside the project; skipped where there is none, never in CI."""
    if not SHARED.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"CI must have {SHARED}")
        pytest.skip(f"needs the real data in {SHARED}")
    return SHARED


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what takes a whole run or build, and begin with the folders of the slowest tests."""
    for item in items:
        if WHOLE.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.whole)
    items.sort(key=lambda item: [item.path.parent.name != name for name in SLOWEST_FIRST])
