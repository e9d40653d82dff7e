"""A local stand-in for Spotify's accounts service, Spotify's Web API and ReccoBeats.

For the demo and the tests only. It imports nothing of the rest of the project.
"""

from simulator.apps import App
from simulator.catalogue import Catalogue
from simulator.faults import Faults
from simulator.kept import Follow, Item
from simulator.listeners import Listener
from simulator.plays import Play
from simulator.server import Simulator
from simulator.world import SimulatorConfig, TruePlay

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
