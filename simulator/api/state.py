"""The state of the simulation: catalogue, listeners, apps and the simulated clock."""

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
from simulator.world.listeners import Listener, acoustic_tastes, make_listeners, playlist_tastes
from simulator.world.plays import History, Play

_TICK_S = 0.001  # makes a consent newer than a revocation at the same simulated instant


@dataclass(frozen=True)
class SimulatorConfig:
    """What to simulate.

    Args:
        seed: All random choices follow from it.
        listeners: How many listeners there are.
        apps: How many apps; one for every five listeners if None.
        as_of: The simulated time, with a time zone.
        history_start: The first day with plays.
        catalogue_path: Tracks in the Kaggle layout (`.csv`, `.csv.gz`); generated if None.
        catalogue_size: How many tracks to generate.
        playlists_path: Playlists to use as tastes; acoustic neighbourhoods if None.
        shapes: The Web API of `new` or `old` apps, or as `recorded` in 2026, with the names of
            both.
        reccobeats_shape: An object with `content`, or a bare `array`.
        marathons: Days on which all listeners play about 130 tracks, far more than the 50 that
            the API keeps; days are local to the listener.
        redirect_uris: Registered for every app.
        latency_ms: The delay of every answer, in milliseconds.
        rate_limit: Calls per `rate_window_s` and developer account; None for no limit.
        rate_window_s: In real seconds.
        port: The loopback port; 0 for a free one.
        faults: The initial switches for faults.

    Raises:
        ValueError: `as_of` has no time zone.
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
    """A play that happened, and how the API shows it now.

    `is_reachable`: the API still returns it, by the simulator's clock. What a poller could see is
    the union over the moments of its polls. `is_wrong`: with the current faults the API returns it
    with an invalid field.
    """

    play: Play
    is_reachable: bool
    is_wrong: bool


class World:
    """The state that all services share; its content depends only on configuration and clock."""

    def __init__(self, config: SimulatorConfig) -> None:
        self.config = config
        self.clock = config.as_of.astimezone(UTC)
        self.faults = deepcopy(config.faults)
        self.calls: dict[str, Counter[str]] = {}
        if config.catalogue_path is None:
            self.catalogue = _generated(config.seed, config.catalogue_size)
        else:
            self.catalogue = Catalogue.read(config.catalogue_path)
        if config.playlists_path is None:
            tastes = acoustic_tastes(self.catalogue, config.seed, config.listeners)
        else:
            tastes = playlist_tastes(
                self.catalogue, config.seed, config.listeners, config.playlists_path
            )
        self.listeners = {
            listener.user_id: listener for listener in make_listeners(config.seed, tastes)
        }
        count = ceil(config.listeners / SEATS) if config.apps is None else config.apps
        self.apps = register(config.seed, count, config.redirect_uris)
        self.tokens = Tokens(config.seed)
        self.used_codes: set[str] = set()
        self.quota_used: Counter[str] = Counter()
        self._consented_at: dict[str, float] = {}
        self._valid_since: dict[str, float] = {}
        self.shapes = Shapes(self.catalogue, config.shapes)
        self._histories: dict[str, History] = {}
        self._libraries: dict[str, Library] = {}

    def set_clock(self, as_of: datetime) -> None:
        """Set the simulated time; raises ValueError if `as_of` has no time zone."""
        if as_of.tzinfo is None:
            raise ValueError("the clock needs a time zone")
        self.clock = as_of.astimezone(UTC)

    def history(self, user_id: str) -> History:
        """Return the plays of a listener; raises KeyError if there is no such listener."""
        if user_id not in self._histories:
            marathons = frozenset(self.config.marathons)
            self._histories[user_id] = History(*self._origin(user_id), marathons)
        return self._histories[user_id]

    def library(self, user_id: str) -> Library:
        """Return the library of a listener; raises KeyError if there is no such listener."""
        if user_id not in self._libraries:
            self._libraries[user_id] = Library(*self._origin(user_id))
        return self._libraries[user_id]

    def is_valid(self, claims: Mapping[str, Any], consented_at: float) -> bool:
        """Whether a token is valid: its app and listener exist, and its consent is not revoked.

        Tokens survive a restart, which may have fewer listeners. A token of a consent before a
        revocation stays invalid after a new consent.
        """
        user_id = claims["user_id"]
        if claims["client_id"] not in self.apps:
            return False
        if not user_id:
            return True  # the app's own token
        is_revoked = user_id in self.faults.revoked
        is_newer = consented_at >= self._valid_since.get(user_id, 0)
        return user_id in self.listeners and is_newer and not is_revoked

    def consent(self, user_id: str) -> float:
        """Record a listener's consent, which ends a revocation; return its Unix time in seconds."""
        instant = max(self.clock.timestamp(), self._valid_since.get(user_id, 0))
        if user_id in self.faults.revoked:
            self.faults.revoked.discard(user_id)
            instant = max(instant, self._consented_at.get(user_id, 0)) + _TICK_S
            self._valid_since[user_id] = instant
        self._consented_at[user_id] = max(instant, self._consented_at.get(user_id, 0))
        return instant

    def playlist(self, playlist_id: str) -> Playlist | None:
        """Find a playlist of any listener as it is now."""
        for user_id in self.listeners:
            if found := self.library(user_id).playlist(playlist_id, self.clock):
                return found
        return None

    def truth(self, user_id: str) -> list[TruePlay]:
        """Return every play of a listener up to the clock, oldest first."""
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
def _generated(seed: int, size: int) -> Catalogue:
    """Cache the last catalogues: several simulators in one process often use the same one."""
    return Catalogue.generate(seed, size)
