from collections.abc import Iterator

import pytest

from simulator import Faults, Simulator
from tests.simulator.visitor import Visitor, sign_in, small


@pytest.fixture(scope="module")
def sim() -> Iterator[Simulator]:
    """A simulator that the tests of a module share and leave as it is."""
    with Simulator(small()) as simulator:
        yield simulator


@pytest.fixture
def own(sim: Simulator) -> Iterator[Simulator]:
    """The same one for a test that changes its clock or its faults: they are put back after it."""
    sim.world.calls.clear()
    yield sim
    sim.set_clock(sim.world.config.as_of)
    sim.world.faults = Faults()


@pytest.fixture(scope="module")
def visitor(sim: Simulator) -> Visitor:
    return sign_in(sim)
