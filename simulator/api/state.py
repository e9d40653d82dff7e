"""The simulated world: catalogue, listeners, apps, and the clock of what has happened."""

from collections import Counter
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import Any, Literal

from simulator.api.apps import SEATS, Tokens, register
from simulator.api.faults import Faults
from simulator.api.shapes import Age, Shapes
from simulator.world.catalogue import Catalogue
from simulator.world.kept import Playlist
from simulator.world.library import Library
from simulator.world.listeners import Listener, acoustic_tastes, invite, playlist_tastes
from simulator.world.plays import History, Play

_TICK_S = 0.001  # sets a consent apart from one before a revocation while the clock stands still


@dataclass(frozen=True)
class SimulatorConfig:
    """What to simulate.

    `apps` defaults to one for every five listeners. `shapes` is the Web API of new or of older
    apps, or as recorded in 2026, when answers carried the names of both; `reccobeats_shape` is an
    object with `content` or the bare array. `rate_limit` is a number of calls per `rate_window_s`
    (real seconds) and developer account; None is no limit. On `marathons`, days of their own,
    all listeners play some 130 tracks: far more than the 50 that the API holds.

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
    shapes: Age = "new"
    reccobeats_shape: Literal["content", "array"] = "content"
    marathons: tuple[date, ...] = ()
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
    """A play that happened, and what the API can tell of it now.

    `is_reachable`: it is one of the plays that the API still holds, by the simulator's clock, so
    what a poller could have seen is the union over the moments of its polls. `is_wrong`: the
    faults, as they are set now, make the API tell it in a form that no reader can use.
    """

    play: Play
    is_reachable: bool
    is_wrong: bool


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
        self.quota_used: Counter[str] = Counter()
        self._consented_at: dict[str, float] = {}
        self._alive_since: dict[str, float] = {}
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
            marathons = frozenset(self.config.marathons)
            self._histories[user_id] = History(*self._origin(user_id), marathons)
        return self._histories[user_id]

    def library(self, user_id: str) -> Library:
        """Return what a listener keeps; KeyError if there is no such listener."""
        if user_id not in self._libraries:
            self._libraries[user_id] = Library(*self._origin(user_id))
        return self._libraries[user_id]

    def stands_by(self, claims: Mapping[str, Any], consented_at: float) -> bool:
        """Say whether a token still holds: its app and listener exist, and consent was not revoked.

        A token outlives the simulator, which may be started again with fewer listeners. One of a
        consent before a revocation stays dead when the listener has agreed again.
        """
        user_id = claims["user_id"]
        if claims["client_id"] not in self.apps:
            return False
        if not user_id:
            return True  # the app's own token
        is_revoked = user_id in self.faults.revoked
        is_of_now = consented_at >= self._alive_since.get(user_id, 0)
        return user_id in self.listeners and is_of_now and not is_revoked

    def consent(self, user_id: str) -> float:
        """Let a listener agree, which ends a revocation; return when, in Unix seconds."""
        instant = max(self.clock.timestamp(), self._alive_since.get(user_id, 0))
        if user_id in self.faults.revoked:
            self.faults.revoked.discard(user_id)
            instant = max(instant, self._consented_at.get(user_id, 0)) + _TICK_S
            self._alive_since[user_id] = instant
        self._consented_at[user_id] = max(instant, self._consented_at.get(user_id, 0))
        return instant

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
        return [
            TruePlay(play, play in reachable, self.faults.is_wrong(*play.key))
            for play in history.until(self.clock)
        ]

    def _origin(self, user_id: str) -> tuple[Catalogue, Listener, int, date]:
        listener = self.listeners[user_id]
        return self.catalogue, listener, self.config.seed, self.config.history_start


@lru_cache(maxsize=2)
def _invented(seed: int, size: int) -> Catalogue:
    """Keep the last catalogues: several simulators in one process often share one."""
    return Catalogue.generate(seed, size)
