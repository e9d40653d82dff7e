"""Signs in to the simulator as an app does, and calls its API for a listener."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from simulator import Simulator, SimulatorConfig

SCOPES = (
    "user-read-recently-played user-top-read user-library-read user-follow-read "
    "playlist-read-private"
)
REDIRECT_URI = "http://127.0.0.1:8000/callback"
VERIFIER = "simulated-verifier-of-at-least-forty-three-characters"
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
)


def small(**options: Any) -> SimulatorConfig:
    start = date(2026, 9, 1)
    return SimulatorConfig(
        **{"listeners": 2, "catalogue_size": 1_500, "history_start": start, **options}
    )


@dataclass
class Client:
    """An API client with the token of a signed-in listener."""

    sim: Simulator
    user_id: str
    token: dict[str, Any]

    def get(self, path: str, **params: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token['access_token']}"}
        return requests.get(self.sim.url + path, params, headers=headers, timeout=5)

    def json(self, path: str, **params: Any) -> Any:
        answer = self.get(path, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def items(self, path: str, **params: Any) -> Iterator[dict[str, Any]]:
        """Follow the pages to the last one."""
        page = self.json(path, **params)
        yield from page["items"]
        while page["next"]:
            page = self.json(page["next"].removeprefix(self.sim.url))
            yield from page["items"]


def request_of(sim: Simulator, **changes: str | None) -> dict[str, str]:
    """Return the query of an authorization request, with changes; None leaves a part out."""
    query = {
        "client_id": sim.apps[0].client_id,
        "response_type": "code",
        "redirect_uri": REDIRECT_URI,
        "state": "s/1&2",
        "scope": SCOPES,
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **changes,
    }
    return {name: value for name, value in query.items() if value is not None}


def authorize(sim: Simulator, **changes: str | None) -> requests.Response:
    return requests.get(
        f"{sim.url}/authorize", request_of(sim, **changes), allow_redirects=False, timeout=5
    )


def answer_of(response: requests.Response) -> dict[str, str]:
    """Return the answer in the query of a redirect."""
    query = parse_qs(urlsplit(response.headers["Location"]).query)
    return {name: values[0] for name, values in query.items()}


def redeem(sim: Simulator, code: str, **changes: str) -> requests.Response:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT_URI,
        "client_id": sim.apps[0].client_id,
        "code_verifier": VERIFIER,
        **changes,
    }
    return requests.post(f"{sim.url}/api/token", form, timeout=5)


def refresh(sim: Simulator, token: str, **changes: str) -> requests.Response:
    form = {
        "grant_type": "refresh_token",
        "refresh_token": token,
        "client_id": sim.apps[0].client_id,
        **changes,
    }
    return requests.post(f"{sim.url}/api/token", form, timeout=5)


def sign_in(sim: Simulator, listener: int = 0, app: int = 0, scope: str = SCOPES) -> Client:
    user_id, client_id = sim.listeners[listener].user_id, sim.apps[app].client_id
    consent = authorize(sim, listener=user_id, client_id=client_id, scope=scope)
    token = redeem(sim, answer_of(consent)["code"], client_id=client_id)
    return Client(sim, user_id, token.json())
