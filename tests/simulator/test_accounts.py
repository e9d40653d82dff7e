"""Signing in: consent, PKCE, tokens, seats."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from simulator import Simulator
from tests.simulator.client import (
    REDIRECT_URI,
    Client,
    answer_of,
    authorize,
    redeem,
    refresh,
    request_of,
    sign_in,
    small,
)


def test_the_consent_page_lists_the_listeners(sim: Simulator) -> None:
    page = requests.get(f"{sim.url}/authorize", request_of(sim), timeout=5)
    assert page.headers["content-type"].startswith("text/html")
    for listener in sim.listeners:
        assert f"listener={listener.user_id}" in page.text
        assert (listener.display_name or listener.user_id) in page.text


def test_approval_returns_a_code_and_the_unchanged_state(sim: Simulator) -> None:
    answer = answer_of(authorize(sim, listener=sim.listeners[0].user_id))
    assert answer["state"] == "s/1&2"
    assert redeem(sim, answer["code"]).json()["expires_in"] == 3600


def test_only_listeners_can_sign_in(sim: Simulator) -> None:
    assert authorize(sim, listener="nobody").status_code == 404


def test_a_denial_is_sent_back(sim: Simulator) -> None:
    answer = answer_of(authorize(sim, decision="deny"))
    assert answer == {"error": "access_denied", "state": "s/1&2"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"client_id": "unknown"}, "Invalid client"),
        ({"redirect_uri": "http://localhost:8000/callback"}, "Insecure redirect URI"),
        ({"redirect_uri": "http://example.com/callback"}, "Insecure redirect URI"),
        ({"redirect_uri": "https://example.com/callback"}, "Invalid redirect URI"),
        ({"redirect_uri": f"{REDIRECT_URI}/"}, "Invalid redirect URI"),
        ({"redirect_uri": "http://127.0.0.1:8000"}, "Invalid redirect URI"),
        ({"redirect_uri": None}, "Insecure redirect URI"),
    ],
)
def test_a_wrong_client_or_redirect_uri_is_never_redirected_to(
    sim: Simulator, changes: dict[str, str | None], message: str
) -> None:
    answer = authorize(sim, listener=sim.listeners[0].user_id, **changes)
    assert (answer.status_code, answer.text) == (400, f"INVALID_CLIENT: {message}")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
    ],
)
def test_a_wrong_request_is_sent_back(
    sim: Simulator, changes: dict[str, str | None], error: str
) -> None:
    assert answer_of(authorize(sim, **changes))["error"] == error


def test_an_https_redirect_uri_is_compared_exactly() -> None:
    uri = "https://sonic.example/callback?app=1"
    with Simulator(small(redirect_uris=(uri,))) as sim:
        user_id = sim.listeners[0].user_id
        assert (
            authorize(sim, listener=user_id, redirect_uri=uri)
            .headers["Location"]
            .startswith(f"{uri}&code=")
        )
        assert authorize(sim, listener=user_id, redirect_uri=REDIRECT_URI).status_code == 400


@pytest.mark.parametrize("uri", ["http://localhost:8000/callback", "http://example.com/callback"])
def test_an_insecure_redirect_uri_cannot_be_registered(uri: str) -> None:
    with pytest.raises(ValueError, match=uri):
        Simulator(small(redirect_uris=(uri,)))


def test_a_code_can_be_redeemed_once_soon_and_by_its_client_only(own: Simulator) -> None:
    def code() -> str:
        return answer_of(authorize(own, listener=own.listeners[0].user_id))["code"]

    used = code()
    assert redeem(own, used).status_code == 200
    wrong = {
        "Invalid authorization code": redeem(own, used),
        "Invalid redirect URI": redeem(own, code(), redirect_uri="http://127.0.0.1:1/callback"),
        "code_verifier was incorrect": redeem(own, code(), code_verifier="x" * 43),
    }
    late = code()
    own.set_clock(own.clock + timedelta(minutes=11))
    wrong["Authorization code expired"] = redeem(own, late)
    for description, answer in wrong.items():
        assert answer.status_code == 400
        assert answer.json() == {"error": "invalid_grant", "error_description": description}
    assert redeem(own, code(), code_verifier="short").json()["error"] == "invalid_request"
    assert redeem(own, code(), grant_type="password").json()["error"] == "unsupported_grant_type"


def test_without_pkce_the_secret_is_needed(sim: Simulator) -> None:
    app = sim.apps[0]

    def code() -> str:
        answer = authorize(
            sim,
            listener=sim.listeners[0].user_id,
            code_challenge=None,
            code_challenge_method=None,
        )
        return answer_of(answer)["code"]

    assert redeem(sim, code()).json()["error"] == "invalid_client"
    assert redeem(sim, code(), client_secret="guess").json()["error"] == "invalid_client"
    garbled = {"Authorization": "Basic =="}
    assert requests.post(f"{sim.url}/api/token", headers=garbled, timeout=5).status_code == 400
    basic = base64.b64encode(f"{app.client_id}:{app.client_secret}".encode()).decode()
    form = {"grant_type": "authorization_code", "code": code(), "redirect_uri": REDIRECT_URI}
    granted = requests.post(
        f"{sim.url}/api/token", form, headers={"Authorization": f"Basic {basic}"}, timeout=5
    )
    token = granted.json()["refresh_token"]
    assert refresh(sim, token).json()["error"] == "invalid_client"
    assert refresh(sim, token, client_secret=app.client_secret).status_code == 200


def test_answers_have_the_keys_of_the_recorded_ones(own: Simulator, shared: Path) -> None:
    def recorded(name: str) -> dict[str, object]:
        text = (shared / "spotify" / "token_and_error_fixtures" / f"{name}.json").read_text()
        answer: dict[str, object] = json.loads(text)
        return answer

    token = sign_in(own).token
    assert token.keys() == recorded("AuthorizationCode").keys()
    refreshed = refresh(own, token["refresh_token"]).json()
    assert refreshed.keys() == recorded("AuthorizationCodeRefresh").keys()
    unknown = refresh(own, token["refresh_token"], client_id="unknown")
    assert (unknown.status_code, unknown.json()) == (400, recorded("invalid_client"))
    own.faults.revoked.add(own.listeners[0].user_id)
    revoked = refresh(own, token["refresh_token"])
    assert (revoked.status_code, revoked.json()) == (400, recorded("invalid_grant"))


def test_a_refresh_token_expires_six_months_after_the_consent_used_or_not() -> None:
    with Simulator(small(as_of=datetime(2026, 3, 31, 12, tzinfo=UTC))) as sim:
        token = sign_in(sim).token["refresh_token"]
        sim.set_clock(datetime(2026, 9, 30, 11, 59, tzinfo=UTC))
        assert "refresh_token" not in refresh(sim, token).json()
        sim.set_clock(datetime(2026, 9, 30, 12, tzinfo=UTC))
        assert refresh(sim, token).json()["error"] == "invalid_grant"


def test_tokens_survive_a_restart() -> None:
    with Simulator(small()) as sim:
        token = sign_in(sim).token["refresh_token"]
    with Simulator(small()) as sim:
        assert refresh(sim, token).status_code == 200
        assert refresh(sim, token[:-3] + "AAA").json()["error"] == "invalid_grant"
    with Simulator(small(seed=8)) as sim:
        assert refresh(sim, token).json()["error"] == "invalid_grant"


def test_an_access_token_expires_with_the_simulated_clock(own: Simulator) -> None:
    client = sign_in(own)
    assert client.get("/v1/me").status_code == 200
    own.set_clock(own.clock + timedelta(seconds=3601))
    assert client.get("/v1/me").json() == {
        "error": {"status": 401, "message": "The access token expired"}
    }
    client.token = refresh(own, client.token["refresh_token"]).json()
    assert client.get("/v1/me").status_code == 200


def test_tokens_from_before_a_revocation_stay_invalid_after_a_new_consent(
    own: Simulator,
) -> None:
    early = sign_in(own)
    own.faults.revoked.add(early.user_id)
    late = sign_in(own)
    assert own.faults.revoked == set()
    assert refresh(own, early.token["refresh_token"]).json()["error"] == "invalid_grant"
    assert early.get("/v1/me").status_code == 401
    assert refresh(own, late.token["refresh_token"]).status_code == 200
    assert late.get("/v1/me").status_code == sign_in(own).get("/v1/me").status_code == 200


def test_two_consents_without_a_revocation_are_both_valid(own: Simulator) -> None:
    one = sign_in(own)
    own.set_clock(own.clock + timedelta(minutes=5))
    other = sign_in(own)
    for client in (one, other):
        assert refresh(own, client.token["refresh_token"]).status_code == 200


def test_an_apps_own_token_reads_objects_but_no_listener(own: Simulator) -> None:
    app, track = own.apps[0], own.catalogue.track(own.catalogue.track_ids[0])
    form = {"grant_type": "client_credentials", "client_id": app.client_id}
    address = f"{own.url}/api/token"
    refused = requests.post(address, form, timeout=5)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_client")
    granted = requests.post(address, form | {"client_secret": app.client_secret}, timeout=5)
    assert granted.json().keys() == {"access_token", "token_type", "expires_in"}
    client = Client(own, "", granted.json())
    album, artist = track.album.album_id, track.artists[0].artist_id
    for path, name in (
        (f"/v1/tracks/{track.track_id}", track.name),
        (f"/v1/albums/{album}", track.album.name),
        (f"/v1/artists/{artist}", track.artists[0].name),
    ):
        assert client.json(path)["name"] == name
    for path in ("/v1/me", "/v1/me/tracks", "/v1/playlists/any/items"):
        assert client.get(path).json() == {
            "error": {"status": 401, "message": "Valid user authentication required"}
        }
    assert own.calls[app.client_id]["/v1/albums/{id}"] == 1
    own.set_clock(own.clock + timedelta(hours=2))
    assert client.get(f"/v1/albums/{album}").status_code == 401


def test_the_sixth_listener_of_an_app_has_no_seat() -> None:
    with Simulator(small(listeners=6)) as sim:
        clients = [sign_in(sim, listener) for listener in range(6)]
        assert [one.get("/v1/me").status_code for one in clients] == [200] * 5 + [403]
        assert sign_in(sim, listener=5, app=1).get("/v1/me").status_code == 200
        assert [len(app.seats) for app in sim.apps] == [5, 1]
