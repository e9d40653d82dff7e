"""SIGKILL at any moment of a run loses nothing and doubles nothing: the next run mends it."""

import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.sonic.runs import contents, sonic, started

DAYS = ("2026-05-31", "2026-06-01")
SMALL = ("--listeners", "2")
SEED = 20_260_531


@pytest.fixture(scope="module")
def never_killed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float]:
    """A home after the first day, and the seconds that the second day takes on it."""
    home = tmp_path_factory.mktemp("never_killed") / "home"
    assert sonic(home, "run", *SMALL, "--as-of", DAYS[0]).returncode == 0
    second = shutil.copytree(home, home.with_name("second"))
    begin = time.monotonic()
    assert sonic(second, "run", *SMALL, "--as-of", DAYS[1]).returncode == 0
    return home, time.monotonic() - begin


@pytest.mark.parametrize("kills", [2, pytest.param(10, marks=pytest.mark.soak)])
def test_a_killed_second_day_ends_as_one_never_killed(
    kills: int, never_killed: tuple[Path, float], tmp_path: Path
) -> None:
    first, seconds = never_killed
    expected = contents(first.with_name("second"))
    dice = random.Random(SEED)
    for moment in (dice.uniform(0.15, 0.8) * seconds for _ in range(kills)):
        home = shutil.copytree(first, tmp_path / f"killed at {moment:.1f}")
        process = started(home, "sonic", "run", *SMALL, "--as-of", DAYS[1])
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(moment)
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        again = sonic(home, "run", *SMALL, "--as-of", DAYS[1])
        assert again.returncode == 0, f"killed at {moment:.1f} s: {again.stderr}"
        assert contents(home) == expected, f"killed at {moment:.1f} s"
