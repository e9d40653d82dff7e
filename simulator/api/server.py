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
    """Whether the web server says something else than that an answer broke off, as it should."""
    return record.getMessage() != _BROKEN_OFF


def make_app(world: World) -> FastAPI:
    """Put the services that show a world into one ASGI app."""
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
    """A running simulation, as a context manager.

    Raises:
        ValueError: a file of the configuration is malformed, or a redirect URI is insecure.
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
        """Every track there is."""
        return self.world.catalogue

    @property
    def listeners(self) -> Sequence[Listener]:
        """Everybody who can sign in."""
        return list(self.world.listeners.values())

    @property
    def apps(self) -> Sequence[App]:
        """The registered apps, with their secrets and seats."""
        return list(self.world.apps.values())

    @property
    def clock(self) -> datetime:
        """The simulated time, in UTC."""
        return self.world.clock

    @property
    def calls(self) -> Mapping[str, Counter[str]]:
        """Calls per caller and endpoint.

        The caller is the listener whose token came with the call, the client id of the app whose
        own token did, or "" where there was none.
        """
        return self.world.calls

    @property
    def faults(self) -> Faults:
        """The switches of what goes wrong; set its fields."""
        return self.world.faults

    def set_clock(self, as_of: datetime) -> None:
        """Move the simulated time; ValueError without a time zone."""
        self.world.set_clock(as_of)

    def truth(self, listener_id: str) -> list[TruePlay]:
        """List every play of a listener up to the clock, oldest first, reachable or not."""
        return self.world.truth(listener_id)

    def saved(self, listener_id: str) -> list[Item]:
        """List every track ever saved up to the clock, oldest first, and when it was removed."""
        return self.world.library(listener_id).saved_until(self.clock)

    def playlist_items(self, listener_id: str) -> dict[str, list[Item]]:
        """List what each of a listener's playlists ever held up to the clock, by playlist id."""
        return self.world.library(listener_id).items_until(self.clock)

    def followed(self, listener_id: str) -> list[Follow]:
        """List every artist ever followed up to the clock, oldest first, and until when."""
        return self.world.library(listener_id).followed_until(self.clock)

    def renew_quota(self) -> None:
        """Give every developer account its quota back (`Faults.quota_exceeded_calls`)."""
        self.world.quota_used.clear()
