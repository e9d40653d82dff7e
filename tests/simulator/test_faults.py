"""Each switch does what it says, the same way for the same calls."""

import json

import pytest
import requests

from simulator import Faults, Simulator
from tests.simulator.visitor import refresh, sign_in, small

PLAYED = "/v1/me/player/recently-played"


def test_too_many_requests_say_when_to_come_back(own: Simulator) -> None:
    visitor = sign_in(own)
    own.faults.rate_429, own.faults.retry_after_s = 1, 3
    answer = visitor.get("/v1/me")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3")
    assert answer.json() == {"error": {"status": 429, "message": "API rate limit exceeded"}}
    answer = visitor.get("/reccobeats/v1/track", ids="x")
    assert (answer.status_code, answer.json()["error"]) == (429, 4291)


def test_a_used_up_quota_refuses_the_web_api_for_long(own: Simulator) -> None:
    visitor = sign_in(own)
    own.faults.quota_exceeded = True
    answer = visitor.get("/v1/me")
    assert answer.json() == {
        "error": {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}
    }
    assert int(answer.headers["Retry-After"]) > 20 * 3600
    assert visitor.get("/reccobeats/v1/track", ids="x").status_code == 200


def test_servers_fail_and_recover_by_chance_but_repeatably() -> None:
    def run() -> list[int]:
        with Simulator(small(faults=Faults(rate_5xx=0.3))) as sim:
            visitor = sign_in(sim)
            return [visitor.get("/v1/me").status_code for _ in range(40)]

    statuses = run()
    assert statuses == run()
    assert set(statuses) > {200}
    assert 5 < sum(status >= 500 for status in statuses) < 20


def test_a_call_can_time_out(own: Simulator) -> None:
    visitor = sign_in(own)
    headers = {"Authorization": f"Bearer {visitor.token['access_token']}"}
    own.faults.rate_time_outs = 1
    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{own.url}/v1/me", headers=headers, timeout=0.2)
    own.faults.time_out_s = 0.01
    assert visitor.get("/v1/me").status_code == 504


def test_an_answer_can_break_off(own: Simulator) -> None:
    visitor = sign_in(own)
    whole = visitor.get(PLAYED).content
    own.faults.rate_truncated_json = 1
    answer = visitor.get(PLAYED)
    assert (answer.status_code, answer.content) == (200, whole[: len(whole) // 2])
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.content)


def test_a_revoked_consent_ends_until_the_listener_agrees_again(own: Simulator) -> None:
    visitor = sign_in(own)
    own.faults.revoked.add(visitor.user_id)
    assert visitor.get("/v1/me").status_code == 401
    assert refresh(own, visitor.token["refresh_token"]).json()["error"] == "invalid_grant"
    assert sign_in(own, listener=1).get("/v1/me").status_code == 200
    assert sign_in(own).get("/v1/me").status_code == 200


def test_faults_can_be_kept_to_some_paths(own: Simulator) -> None:
    visitor = sign_in(own)
    own.faults.rate_5xx, own.faults.paths = 1, ("/v1/me/player",)
    assert visitor.get(PLAYED).status_code >= 500
    assert visitor.get("/v1/me/tracks").status_code == 200


def test_items_can_be_null_local_or_an_episode_always_the_same_ones(own: Simulator) -> None:
    visitor = sign_in(own)
    whole = visitor.json("/v1/me/tracks", limit=50)["items"]
    own.faults.rate_null_items = own.faults.rate_local_items = 0.2
    own.faults.rate_episode_items = 0.2
    odd = visitor.json("/v1/me/tracks", limit=50)["items"]
    assert [entry["added_at"] for entry in odd] == [entry["added_at"] for entry in whole]
    contents = [entry["track"] for entry in odd]
    assert None in contents
    assert any(content and content["id"] is None for content in contents)
    assert any(content and content["type"] == "episode" for content in contents)
    assert sum(one == other for one, other in zip(odd, whole, strict=True)) > 10
    assert visitor.json("/v1/me/tracks", limit=50)["items"] == odd
    assert any(entry["track"] is None for entry in visitor.json(PLAYED, limit=50)["items"])


def test_the_rate_limit_is_one_per_developer_account() -> None:
    with Simulator(small(listeners=6, rate_limit=8, rate_window_s=1.5)) as sim:
        one, other = sign_in(sim), sign_in(sim, listener=5, app=1)
        statuses = [each.get("/v1/me").status_code for each in (one, other) * 5]
        assert statuses == [200] * 8 + [429] * 2
        assert other.get("/v1/me").headers["Retry-After"] in ("1", "2")
        assert one.get("/reccobeats/v1/track", ids="x").status_code == 200
        sim.apps[1].account = "another developer"
        assert other.get("/v1/me").status_code == 200


def test_calls_are_counted_per_listener_and_endpoint(own: Simulator) -> None:
    visitor = sign_in(own)
    for track_id in own.catalogue.track_ids[:3]:
        visitor.get(f"/v1/tracks/{track_id}")
    assert own.calls[visitor.user_id] == {"/v1/tracks/{id}": 3}
    assert own.calls[""] == {"/authorize": 1, "/api/token": 1}


def test_latency_delays_every_answer() -> None:
    with Simulator(small(latency_ms=60)) as sim:
        assert requests.get(f"{sim.url}/v1/me", timeout=5).elapsed.total_seconds() > 0.055
