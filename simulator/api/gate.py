"""Middleware before the API: counts calls, applies limits, adds latency and faults."""

import asyncio
import contextlib
import re
import time
from collections import Counter, defaultdict, deque
from dataclasses import dataclass
from math import ceil

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from simulator.api.broken import Disconnection, Truncation, refuse
from simulator.api.errors import worded_error
from simulator.api.state import World
from simulator.world import ids

_ID = re.compile(r"/(?:[0-9A-Za-z]{22}|[0-9a-f-]{36})(?=/|$)")
_QUOTA_RETRY_S = 22 * 3600


@dataclass(frozen=True, slots=True)
class _Call:
    """One call: `caller` is a listener, else an app; `number` counts the caller's calls."""

    path: str
    token: str
    caller: str
    account: str | None
    number: int

    @property
    def is_spotify(self) -> bool:
        return self.path.startswith("/v1/")


class Gate:
    """ASGI middleware around the simulated services."""

    def __init__(self, app: ASGIApp, world: World) -> None:
        self._app = app
        self._world = world
        self._numbers: Counter[str] = Counter()
        self._recent: dict[str, deque[float]] = defaultdict(deque)
        self._refused: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a call, or let it fail."""
        if scope["type"] != "http" or scope["path"].startswith("/_simulator"):
            await self._app(scope, receive, send)
            return
        world, call = self._world, self._counted(scope)
        # Counted before the latency, in the order in which calls arrive.
        wait_s = self._over_limit(call)
        is_over_quota = self._is_over_quota(call)
        if world.config.latency_ms:
            await asyncio.sleep(world.config.latency_ms / 1000)
        if wait_s:
            body = worded_error(call.path, 429, "API rate limit exceeded")
            await refuse(send, 429, body, wait_s)
        elif not call.path.startswith(world.faults.paths):
            await self._app(scope, receive, send)
        elif is_over_quota:
            body = worded_error(call.path, 429, "Too many requests", reason="QUOTA_EXCEEDED")
            await refuse(send, 429, body, _QUOTA_RETRY_S)
        else:
            await self._risk(call, scope, receive, send)

    async def _risk(self, call: _Call, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a call, with faults by chance."""
        path, faults = call.path, self._world.faults
        if self._strikes(call, "429", faults.rate_429):
            body = worded_error(path, 429, "API rate limit exceeded")
            await refuse(send, 429, body, faults.retry_after_s)
        elif self._strikes(call, "5xx", faults.rate_5xx):
            status = (500, 502, 503)[call.number % 3]
            await refuse(send, status, worded_error(path, status, "Server error"))
        elif self._strikes(call, "time out", faults.rate_time_outs):
            await _wait(receive, faults.time_out_s)
            await refuse(send, 504, worded_error(path, 504, "Gateway timeout"))
        elif self._may_refuse(call) and self._strikes(call, "401", faults.rate_401):
            self._refused.add(call.token)
            await refuse(send, 401, worded_error(path, 401, "The access token expired"))
        elif self._strikes(call, "truncated", faults.rate_truncated_json):
            await self._app(scope, receive, Truncation(send))
        elif self._strikes(call, "disconnect", faults.rate_disconnects):
            await self._app(scope, receive, Disconnection(send))
        else:
            self._refused.discard(call.token)
            await self._app(scope, receive, send)

    def _counted(self, scope: Scope) -> _Call:
        """Describe a call, and count it."""
        world, path = self._world, scope["path"]
        token = Headers(scope=scope).get("authorization", "")
        claims = world.tokens.bearer(token) or {"user_id": "", "client_id": ""}
        caller = claims["user_id"] or claims["client_id"]
        app = world.apps.get(claims["client_id"])
        self._numbers[caller] += 1
        world.calls.setdefault(caller, Counter())[_ID.sub("/{id}", path)] += 1
        account = app.account if app else None
        return _Call(path, token, caller, account, self._numbers[caller])

    def _strikes(self, call: _Call, fault: str, rate: float) -> bool:
        key = (self._world.config.seed, fault, call.caller, call.number)
        return rate > 0 and ids.fraction(*key) < rate

    def _may_refuse(self, call: _Call) -> bool:
        """Whether the token may be refused: never twice before an answer."""
        return call.is_spotify and bool(call.caller) and call.token not in self._refused

    def _is_over_quota(self, call: _Call) -> bool:
        faults, used = self._world.faults, self._world.quota_used
        if not call.is_spotify:
            return False
        if call.account is not None:
            used[call.account] += 1
        most = faults.quota_exceeded_calls
        is_used_up = most is not None and call.account is not None and used[call.account] > most
        return faults.quota_exceeded or is_used_up

    def _over_limit(self, call: _Call) -> int:
        """Return the seconds to wait, or 0; all apps of a developer account share one window."""
        config, now = self._world.config, time.monotonic()
        if config.rate_limit is None or call.account is None or not call.is_spotify:
            return 0
        recent = self._recent[call.account]
        while recent and recent[0] <= now - config.rate_window_s:
            recent.popleft()
        if len(recent) < config.rate_limit:
            recent.append(now)
            return 0
        return max(1, ceil(recent[0] + config.rate_window_s - now))


async def _wait(receive: Receive, seconds: float) -> None:
    """Wait until the client disconnects, or the time is over."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass
