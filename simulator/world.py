"""The simulated world: catalogue, listeners, apps, and the clock of what has happened."""

from collections import Counter
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import Literal

from simulator.apps import SEATS, Tokens, register
from simulator.catalogue import Catalogue
from simulator.faults import Faults
from simulator.library import Library, Playlist
from simulator.listeners import Listener, acoustic_tastes, invite, playlist_tastes
from simulator.plays import History, Play
from simulator.shapes import Shapes


@dataclass(frozen=True)
class SimulatorConfig:
    """What to simulate.

    `apps` defaults to one for every five listeners. `shapes` is the Web API of new or of older
    apps, `reccobeats_shape` an object with `content` or the bare array. `rate_limit` is a number
    of calls per `rate_window_s` (real seconds) and developer account; None is no limit.

    Raises:
        ValueError: the clock has no time zone.
    """

    seed: int = 7
    listeners: int = 5
    apps: int | None = None
    as_of: datetime = datetime(2026, 11, 22, 20, tzinfo=UTC)
    history_start: date = date(2026, 1, 1)
    catalogue_path: str | Path | None = None
    catalogue_size: int = 20_000
    playlists_path: str | Path | None = None
    shapes: Literal["new", "old"] = "new"
    reccobeats_shape: Literal["content", "array"] = "content"
    redirect_uris: tuple[str, ...] = ("http://127.0.0.1/callback", "http://[::1]/callback")
    latency_ms: float = 0
    rate_limit: int | None = None
    rate_window_s: float = 30
    port: int = 0
    faults: Faults = field(default_factory=Faults)

    def __post_init__(self) -> None:
        if self.as_of.tzinfo is None:
            raise ValueError("as_of needs a time zone")


@dataclass(frozen=True, slots=True)
class TruePlay:
    """A play that happened, and whether the API can still tell it."""

    play: Play
    is_reachable: bool


class World:
    """Everything that the services share; what happens in it follows from the clock alone."""

    def __init__(self, config: SimulatorConfig) -> None:
        self.config = config
        self.clock = config.as_of.astimezone(UTC)
        self.faults = deepcopy(config.faults)
        self.calls: dict[str, Counter[str]] = {}
        if config.catalogue_path is None:
            self.catalogue = _invented(config.seed, config.catalogue_size)
        else:
            self.catalogue = Catalogue.read(config.catalogue_path)
        if config.playlists_path is None:
            tastes = acoustic_tastes(self.catalogue, config.seed, config.listeners)
        else:
            tastes = playlist_tastes(
                self.catalogue, config.seed, config.listeners, config.playlists_path
            )
        self.listeners = {listener.user_id: listener for listener in invite(config.seed, tastes)}
        count = ceil(config.listeners / SEATS) if config.apps is None else config.apps
        self.apps = register(config.seed, count, config.redirect_uris)
        self.tokens = Tokens(config.seed)
        self.used_codes: set[str] = set()
        self.shapes = Shapes(self.catalogue, config.shapes)
        self._histories: dict[str, History] = {}
        self._libraries: dict[str, Library] = {}

    def set_clock(self, as_of: datetime) -> None:
        """Move the simulated time; ValueError without a time zone."""
        if as_of.tzinfo is None:
            raise ValueError("the clock needs a time zone")
        self.clock = as_of.astimezone(UTC)

    def history(self, user_id: str) -> History:
        """Return what a listener plays; KeyError if there is no such listener."""
        if user_id not in self._histories:
            self._histories[user_id] = History(*self._origin(user_id))
        return self._histories[user_id]

    def library(self, user_id: str) -> Library:
        """Return what a listener keeps; KeyError if there is no such listener."""
        if user_id not in self._libraries:
            self._libraries[user_id] = Library(*self._origin(user_id))
        return self._libraries[user_id]

    def stands_by(self, claims: Mapping[str, str]) -> bool:
        """Say whether a token still holds: its app and listener exist, and consent was not revoked.

        A token outlives the simulator, which may be started again with fewer listeners.
        """
        user_id = claims["user_id"]
        is_known = user_id in self.listeners and claims["client_id"] in self.apps
        return is_known and user_id not in self.faults.revoked

    def playlist(self, playlist_id: str) -> Playlist | None:
        """Find a playlist of any listener as it is now."""
        for user_id in self.listeners:
            if found := self.library(user_id).playlist(playlist_id, self.clock):
                return found
        return None

    def truth(self, user_id: str) -> list[TruePlay]:
        """List every play of a listener up to the clock, oldest first."""
        history = self.history(user_id)
        reachable = set(history.held(self.clock))
        return [TruePlay(play, play in reachable) for play in history.until(self.clock)]

    def _origin(self, user_id: str) -> tuple[Catalogue, Listener, int, date]:
        listener = self.listeners[user_id]
        return self.catalogue, listener, self.config.seed, self.config.history_start


@lru_cache(maxsize=2)
def _invented(seed: int, size: int) -> Catalogue:
    """Keep the last catalogues: several simulators in one process often share one."""
    return Catalogue.generate(seed, size)
