from collections.abc import Iterator

import pytest

from simulator import Faults, Simulator
from tests.simulator.client import Client, sign_in, small


@pytest.fixture(scope="module")
def sim() -> Iterator[Simulator]:
    """A simulator that the tests of a module share and do not change."""
    with Simulator(small()) as simulator:
        yield simulator


@pytest.fixture
def own(sim: Simulator) -> Iterator[Simulator]:
    """The same one for a test that changes its clock or faults: they are reset after it."""
    sim.world.calls.clear()
    yield sim
    sim.set_clock(sim.world.config.as_of)
    sim.world.faults = Faults()


@pytest.fixture(scope="module")
def client(sim: Simulator) -> Client:
    return sign_in(sim)
