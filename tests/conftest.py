"""What every test shares: the folder beside the project, golden builds, and no telemetry."""

import os
from pathlib import Path

import pytest

import ml  # noqa: F401 - how to add is told before anything imports NumPy

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
pytest_plugins = ["tests.golden.builds", "tests.homes"]
LONGEST_FIRST = ("spark", "sonic")  # so that no worker is left alone with one of them at the end
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
    """Begin with the folders of the longest tests."""
    items.sort(key=lambda item: [item.path.parent.name != name for name in LONGEST_FIRST])
