"""SIGKILL at any moment loses and duplicates nothing: the next run completes the work."""

import random
import signal
import time
from itertools import cycle

import pytest

from tests.homes import NEXT_DAY, Place, SmallDemo
from tests.sonic.runs import contents, sonic, started

SEED = 20_260_531
BEFORE_THE_BUILD, CAPTURED, SIGNED_IN = "Catalogue", "Capture from Spotify", "Sign in"
STAGES = {BEFORE_THE_BUILD: 12, CAPTURED: 2, SIGNED_IN: 1}  # seconds that the next stage lasts


@pytest.mark.parametrize("kills", [1, pytest.param(10, marks=pytest.mark.soak)])
def test_a_killed_next_day_gives_the_same_rows_as_one_that_was_not(
    kills: int, small_demo: SmallDemo, place: Place
) -> None:
    expected, dice = contents(small_demo.next), random.Random(SEED)
    for (stage, seconds), _ in zip(cycle(STAGES.items()), range(kills)):
        home = place.copy(small_demo.first)
        process = started(home, "sonic", *small_demo.run(NEXT_DAY))
        assert process.stdout
        while f"✓ {stage}" not in process.stdout.readline():
            assert process.poll() is None
        moment = dice.uniform(0, seconds)
        time.sleep(moment)
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        again = sonic(home, *small_demo.run(NEXT_DAY))
        assert again.returncode == 0, f"killed {moment:.1f} s after {stage}: {again.stderr}"
        assert contents(home) == expected, f"killed {moment:.1f} s after {stage}"
