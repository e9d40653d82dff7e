from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from oauth.spotify import AuthorizationRefused, PkcePair, SpotifyAuth
from oauth.tokens import App
from simulator import Simulator, SimulatorConfig

REDIRECT_URI = "http://127.0.0.1:8000/callback"


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator(SimulatorConfig(listeners=1, catalogue_size=500)) as running:
        yield running


@pytest.fixture
def auth(simulator: Simulator) -> SpotifyAuth:
    app = simulator.apps[0]
    return SpotifyAuth(simulator.url, App(app.client_id, app.client_secret), REDIRECT_URI)


def consent(simulator: Simulator, url: str) -> dict[str, list[str]]:
    listener = simulator.listeners[0].user_id
    answer = requests.get(url, params={"listener": listener}, allow_redirects=False, timeout=5)
    return parse_qs(urlsplit(answer.headers["Location"]).query)


def test_a_sign_in_ends_with_tokens_that_work(simulator: Simulator, auth: SpotifyAuth) -> None:
    pkce = PkcePair.make()
    answer = consent(simulator, auth.authorize_url("some-state", pkce.challenge))
    assert answer["state"] == ["some-state"]
    grant = auth.exchange(answer["code"][0], pkce.verifier)
    assert grant.refresh_token
    for token in (grant.access_token, auth.refresh(grant.refresh_token).access_token):
        headers = {"Authorization": f"Bearer {token}"}
        me = requests.get(f"{simulator.url}/v1/me", headers=headers, timeout=5).json()
        assert me["id"] == simulator.listeners[0].user_id


def test_another_verifier_is_refused(simulator: Simulator, auth: SpotifyAuth) -> None:
    answer = consent(simulator, auth.authorize_url("s", PkcePair.make().challenge))
    with pytest.raises(AuthorizationRefused, match="invalid_grant"):
        auth.exchange(answer["code"][0], PkcePair.make().verifier)


def test_an_invalid_refresh_token_is_refused_without_being_shown(auth: SpotifyAuth) -> None:
    with pytest.raises(AuthorizationRefused, match="invalid_grant") as refusal:
        auth.refresh("planted-token")
    assert "planted" not in str(refusal.value)
    assert refusal.value.error == "invalid_grant"


def test_a_verifier_has_the_length_and_alphabet_of_the_standard() -> None:
    pair = PkcePair.make()
    assert 43 <= len(pair.verifier) <= 128
    assert set(pair.verifier) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    )
    assert "=" not in pair.challenge
