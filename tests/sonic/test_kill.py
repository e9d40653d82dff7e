"""SIGKILL at any moment loses and duplicates nothing: the next run completes the work."""

import random
import signal
import subprocess

import pytest

from tests.homes import NEXT_DAY, Place, SmallDemo
from tests.sonic.runs import contents, sonic, started

SEED = 20_260_531


@pytest.mark.parametrize("kills", [1, pytest.param(10, marks=pytest.mark.soak)])
def test_a_killed_next_day_gives_the_same_rows_as_one_that_was_not(
    kills: int, small_demo: SmallDemo, place: Place
) -> None:
    expected, seconds = contents(small_demo.next), small_demo.next_seconds
    dice = random.Random(SEED)
    for moment in (dice.uniform(0.15, 0.8) * seconds for _ in range(kills)):
        home = place.copy(small_demo.first)
        process = started(home, "sonic", *small_demo.run(NEXT_DAY))
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(moment)
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        again = sonic(home, *small_demo.run(NEXT_DAY))
        assert again.returncode == 0, f"killed at {moment:.1f} s: {again.stderr}"
        assert contents(home) == expected, f"killed at {moment:.1f} s"
