"""Spotify developer apps: their seats, redirect URIs and tokens."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from simulator.world import ids

SEATS = 5
"""How many listeners may use one Client ID."""
ACCESS_TOKEN_S = 3600
"""How long an access token lives, in simulated seconds."""
_LOOPBACK = ("127.0.0.1", "::1")
_LOOPBACK_WITH_PORT = re.compile(r"^(http://(?:127\.0\.0\.1|\[::1\])):\d+(?=/|$)")


@dataclass
class App:
    """A registered app; `account` is the developer account whose quota its calls use."""

    client_id: str
    client_secret: str
    account: str
    redirect_uris: tuple[str, ...]
    seats: list[str] = field(default_factory=list)

    def admits(self, user_id: str) -> bool:
        """Whether a listener may use the app; a free seat is taken for good."""
        if user_id not in self.seats and len(self.seats) < SEATS:
            self.seats.append(user_id)
        return user_id in self.seats

    def accepts(self, redirect_uri: str) -> bool:
        """Compare exactly; a loopback URI that is registered without a port matches any port."""
        if redirect_uri in self.redirect_uris:
            return True
        portless = _LOOPBACK_WITH_PORT.sub(r"\1", redirect_uri)
        return portless != redirect_uri and portless in self.redirect_uris


def register(seed: int, count: int, redirect_uris: Sequence[str]) -> dict[str, App]:
    """Register apps of one developer account, by client id.

    Raises:
        ValueError: a redirect URI is neither https nor a loopback literal.
    """
    for uri in redirect_uris:
        if not is_secure(uri):
            raise ValueError(
                f"redirect URI {uri}: neither https nor http://127.0.0.1, http://[::1]"
            )
    apps = [
        App(
            client_id=f"{ids.digest(seed, 'client id', number):032x}",
            client_secret=f"{ids.digest(seed, 'client secret', number):032x}",
            account="developer",
            redirect_uris=tuple(redirect_uris),
        )
        for number in range(count)
    ]
    return {app.client_id: app for app in apps}


def is_secure(uri: str) -> bool:
    """Whether Spotify would register a redirect URI: `localhost` is refused."""
    parts = urlsplit(uri)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


class Tokens:
    """Makes tokens that contain their signed claims, so that they survive a restart."""

    def __init__(self, seed: int) -> None:
        self._key = hashlib.blake2b(f"tokens of {seed}".encode(), digest_size=32).digest()

    def sign(self, kind: Literal["code", "access", "refresh"], **claims: Any) -> str:
        """Make a token of a kind with the claims."""
        body = json.dumps({"kind": kind, **claims}, sort_keys=True).encode()
        return "AQ" + base64.urlsafe_b64encode(self._mac(body) + body).decode().rstrip("=")

    def read(self, kind: Literal["code", "access", "refresh"], token: str) -> dict[str, Any] | None:
        """Return the claims of a token, or None if it is of another kind or forged."""
        try:
            signed = base64.urlsafe_b64decode(token[2:] + "=" * (-(len(token) - 2) % 4))
        except ValueError:
            return None
        mac, body = signed[:16], signed[16:]
        if not hmac.compare_digest(mac, self._mac(body)):
            return None
        claims: dict[str, Any] = json.loads(body)
        return claims if claims["kind"] == kind else None

    def bearer(self, authorization: str | None) -> dict[str, Any] | None:
        """Return the claims of the access token in an Authorization header."""
        scheme, _, token = (authorization or "").partition(" ")
        return self.read("access", token) if scheme.lower() == "bearer" else None

    def _mac(self, body: bytes) -> bytes:
        return hashlib.blake2b(body, key=self._key, digest_size=16).digest()
