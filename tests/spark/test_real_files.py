"""The whole job on real tracks and playlists, once on each engine, from one landing."""

import os
import shutil
from pathlib import Path

import pytest

from tests.sonic.runs import started

HALF_AN_HOUR = 1_800  # seconds; the build's tests take most of it on Spark


def sonic(home: Path, *arguments: str) -> str:
    process = started(home, "sonic", *arguments)
    output, errors = process.communicate(timeout=HALF_AN_HOUR)
    assert process.returncode == 0, output + errors
    return output


@pytest.mark.soak
def test_both_engines_build_the_same_from_real_playlists(shared: Path, tmp_path: Path) -> None:
    if not shutil.which("java") and not os.environ.get("CI"):
        pytest.skip("needs Java 17")
    run = (
        "run",
        *("--catalogue", str(shared / "data" / "tracks_features.csv.gz")),
        *("--playlists", str(shared / "data" / "playlists.csv.gz")),
        *("--listeners", "20", "--as-of", "2026-05-31"),
    )
    sonic(tmp_path, *run)
    sonic(tmp_path, *run, "--target", "spark")
    assert "gold.mart_discover_next" in sonic(tmp_path, "compare-engines")
