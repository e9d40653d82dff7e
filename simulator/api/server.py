"""Runs the simulation: a web server on a free loopback port, in a thread of this process."""

import logging
import socket
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

import uvicorn
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from simulator.api import accounts, control, errors, reccobeats, spotify_lookup, spotify_me
from simulator.api.apps import App
from simulator.api.faults import Faults
from simulator.api.gate import Gate
from simulator.api.state import SimulatorConfig, TruePlay, World
from simulator.world.catalogue import Catalogue
from simulator.world.kept import Follow, Item
from simulator.world.listeners import Listener

_PATIENCE_S = 10
_BROKEN_OFF = "ASGI callable returned without completing response."


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a log line is more than a report of a deliberate disconnect."""
    return record.getMessage() != _BROKEN_OFF


def make_app(world: World) -> FastAPI:
    """Combine the services of a world in one ASGI app."""
    app = FastAPI(title="Simulated Spotify and ReccoBeats", docs_url=None, redoc_url=None)
    app.state.world = world
    for module in (accounts, spotify_me, spotify_lookup, reccobeats, control):
        app.include_router(module.router)
    app.add_exception_handler(HTTPException, errors.answer_http_exception)
    app.add_exception_handler(RequestValidationError, errors.answer_invalid_parameter)
    app.add_exception_handler(errors.ReccoBeatsError, errors.answer_reccobeats_error)
    app.add_middleware(Gate, world=world)
    return app


class Simulator:
    """A simulation: a web server that runs as long as the context.

    Args:
        config: What to simulate; the defaults of `SimulatorConfig` if None.

    Raises:
        ValueError: A file of the configuration is invalid, or a redirect URI is insecure.
        RuntimeError: The web server does not start (on entering the context).
    """

    def __init__(self, config: SimulatorConfig | None = None) -> None:
        self.world = World(config or SimulatorConfig())
        self._socket = socket.socket()
        settings = uvicorn.Config(
            make_app(self.world),
            access_log=False,
            lifespan="off",
            log_config=None,
            log_level="warning",
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(settings)
        logging.getLogger("uvicorn.error").addFilter(_is_news)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True
        )

    def __enter__(self) -> Self:
        self._socket.bind(("127.0.0.1", self.world.config.port))
        self._thread.start()
        deadline = time.monotonic() + _PATIENCE_S
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                raise RuntimeError("the simulator's web server did not start")
            time.sleep(0.002)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.should_exit = True
        self._thread.join(_PATIENCE_S)
        self._socket.close()

    @property
    def url(self) -> str:
        """The server's address; ReccoBeats is at `<url>/reccobeats`."""
        host, port = self._socket.getsockname()
        return f"http://{host}:{port}"

    @property
    def catalogue(self) -> Catalogue:
        """All tracks."""
        return self.world.catalogue

    @property
    def listeners(self) -> Sequence[Listener]:
        """All listeners who can sign in."""
        return list(self.world.listeners.values())

    @property
    def apps(self) -> Sequence[App]:
        """All apps, with their secrets and seats."""
        return list(self.world.apps.values())

    @property
    def clock(self) -> datetime:
        """The simulated time, in UTC."""
        return self.world.clock

    @property
    def calls(self) -> Mapping[str, Counter[str]]:
        """Calls per caller and endpoint.

        The caller is the listener of the token, or the client id of the app whose own token it is,
        or "" without a token.
        """
        return self.world.calls

    @property
    def faults(self) -> Faults:
        """The switches for faults; set its fields."""
        return self.world.faults

    def set_clock(self, as_of: datetime) -> None:
        """Set the simulated time; raises ValueError if `as_of` has no time zone."""
        self.world.set_clock(as_of)

    def truth(self, listener_id: str) -> list[TruePlay]:
        """Return every play of a listener up to the clock, oldest first, reachable or not.

        Args:
            listener_id: The listener's Spotify id.

        Raises:
            KeyError: There is no such listener; also raised by the methods below.
        """
        return self.world.truth(listener_id)

    def saved(self, listener_id: str) -> list[Item]:
        """Return every track that was saved up to the clock, removed or not, oldest first."""
        return self.world.library(listener_id).saved_until(self.clock)

    def playlist_items(self, listener_id: str) -> dict[str, list[Item]]:
        """Return all items of a listener's playlists up to the clock, removed or not, by id."""
        return self.world.library(listener_id).items_until(self.clock)

    def followed(self, listener_id: str) -> list[Follow]:
        """Return every artist followed up to the clock, unfollowed or not, oldest first."""
        return self.world.library(listener_id).followed_until(self.clock)

    def renew_quota(self) -> None:
        """Reset the quota of every developer account (`Faults.quota_exceeded_calls`)."""
        self.world.quota_used.clear()
