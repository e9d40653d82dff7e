"""What goes wrong, by switch: refusals, outages, broken answers, odd items.

`Faults` says what; `Gate` stands in front of the API and makes it happen. Chance is a hash of the
seed and the number of the call, so a run that makes the same calls meets the same faults.
"""

import asyncio
import contextlib
import json
import re
import time
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING, Literal

from pydantic import ConfigDict
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator import ids
from simulator.errors import worded_error

if TYPE_CHECKING:
    from simulator.world import World

OddKind = Literal["removed", "local", "episode"]
_ID = re.compile(r"/(?:[0-9A-Za-z]{22}|[0-9a-f-]{36})(?=/|$)")
_QUOTA_RETRY_S = 22 * 3600


@dataclass
class Faults:
    """Switches; rates are shares (0–1) of the calls, or of the listed items.

    `quota_exceeded` refuses every call of the Web API. `revoked` holds ids of listeners who took
    their consent back; authorising again removes them. A call that times out is answered (504)
    only after `time_out_s`. Only calls whose path starts with one of `paths` meet faults.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")  # a misspelt switch is refused over HTTP

    rate_429: float = 0.0
    rate_5xx: float = 0.0
    rate_time_outs: float = 0.0
    rate_truncated_json: float = 0.0
    rate_null_items: float = 0.0
    rate_local_items: float = 0.0
    rate_episode_items: float = 0.0
    quota_exceeded: bool = False
    revoked: set[str] = field(default_factory=set)
    retry_after_s: int = 1
    time_out_s: float = 60.0
    paths: tuple[str, ...] = ("/v1/", "/reccobeats/")

    def of_item(self, *key: object) -> OddKind | None:
        """Say what an item of a list is replaced by; the same item always by the same."""
        chance = ids.fraction("item", *key)
        kinds: tuple[tuple[OddKind, float], ...] = (
            ("removed", self.rate_null_items),
            ("local", self.rate_local_items),
            ("episode", self.rate_episode_items),
        )
        for kind, rate in kinds:
            if chance < rate:
                return kind
            chance -= rate
        return None


class Gate:
    """ASGI middleware: counts calls, holds the rate limit, adds latency and faults."""

    def __init__(self, app: ASGIApp, world: "World") -> None:
        self._app = app
        self._world = world
        self._count = 0
        self._recent: dict[str, deque[float]] = defaultdict(deque)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a call, or let it fail."""
        path = scope.get("path", "")
        if scope["type"] != "http" or path.startswith("/_simulator"):
            await self._app(scope, receive, send)
            return
        self._count += 1
        world, faults = self._world, self._world.faults
        claims = world.tokens.bearer(Headers(scope=scope).get("authorization"))
        user_id, client_id = (claims["user_id"], claims["client_id"]) if claims else ("", "")
        world.calls.setdefault(user_id, Counter())[_ID.sub("/{id}", path)] += 1
        if world.config.latency_ms:
            await asyncio.sleep(world.config.latency_ms / 1000)
        is_spotify = path.startswith("/v1/")
        if is_spotify and (wait := self._over_limit(client_id)):
            await _refuse(send, 429, worded_error(path, 429, "API rate limit exceeded"), wait)
        elif not path.startswith(faults.paths):
            await self._app(scope, receive, send)
        elif is_spotify and faults.quota_exceeded:
            body = worded_error(path, 429, "Too many requests", reason="QUOTA_EXCEEDED")
            await _refuse(send, 429, body, _QUOTA_RETRY_S)
        elif self._strikes("429", faults.rate_429):
            body = worded_error(path, 429, "API rate limit exceeded")
            await _refuse(send, 429, body, faults.retry_after_s)
        elif self._strikes("5xx", faults.rate_5xx):
            status = (500, 502, 503)[self._count % 3]
            await _refuse(send, status, worded_error(path, status, "Server error"))
        elif self._strikes("time out", faults.rate_time_outs):
            await _wait(receive, faults.time_out_s)
            await _refuse(send, 504, worded_error(path, 504, "Gateway timeout"))
        elif self._strikes("truncated", faults.rate_truncated_json):
            await self._app(scope, receive, _Truncation(send))
        else:
            await self._app(scope, receive, send)

    def _strikes(self, fault: str, rate: float) -> bool:
        return rate > 0 and ids.fraction(self._world.config.seed, fault, self._count) < rate

    def _over_limit(self, client_id: str) -> int:
        """Return the seconds to wait, or 0; all apps of a developer account share one window."""
        config, now = self._world.config, time.monotonic()
        if config.rate_limit is None or client_id not in self._world.apps:
            return 0
        recent = self._recent[self._world.apps[client_id].account]
        while recent and recent[0] <= now - config.rate_window_s:
            recent.popleft()
        if len(recent) < config.rate_limit:
            recent.append(now)
            return 0
        return max(1, ceil(recent[0] + config.rate_window_s - now))


class _Truncation:
    """Sends only the first half of an answer's body."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if not message.get("more_body"):
            half = self._body[: len(self._body) // 2]
            kept = [pair for pair in self._start["headers"] if pair[0] != b"content-length"]
            kept.append((b"content-length", str(len(half)).encode()))
            await self._send({**self._start, "headers": kept})
            await self._send({"type": "http.response.body", "body": half})


async def _refuse(send: Send, status: int, body: object, retry_after_s: int | None = None) -> None:
    content = json.dumps(body).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(content)).encode()),
    ]
    if retry_after_s is not None:
        headers.append((b"retry-after", str(retry_after_s).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


async def _wait(receive: Receive, seconds: float) -> None:
    """Wait until the client gives up, or the time is over."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass
