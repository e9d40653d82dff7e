"""A local stand-in for Spotify's accounts service, Spotify's Web API and ReccoBeats.

Only the demo and the tests use it. It imports no other package of the project.
"""

from simulator.api.apps import App
from simulator.api.faults import Faults
from simulator.api.server import Simulator
from simulator.api.state import SimulatorConfig, TruePlay
from simulator.world.catalogue import Catalogue
from simulator.world.kept import Follow, Item
from simulator.world.listeners import Listener
from simulator.world.plays import Play

__all__ = [
    "App",
    "Catalogue",
    "Faults",
    "Follow",
    "Item",
    "Listener",
    "Play",
    "Simulator",
    "SimulatorConfig",
    "TruePlay",
]
