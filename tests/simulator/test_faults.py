"""Each switch has its effect, always on the same calls."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from simulator import Faults, Simulator
from tests.simulator.client import refresh, sign_in, small

PLAYED = "/v1/me/player/recently-played"


def test_too_many_requests_have_a_retry_after(own: Simulator) -> None:
    client = sign_in(own)
    own.faults.rate_429, own.faults.retry_after_s = 1, 3
    answer = client.get("/v1/me")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3")
    assert answer.json() == {"error": {"status": 429, "message": "API rate limit exceeded"}}
    answer = client.get("/reccobeats/v1/track", ids="x")
    assert (answer.status_code, answer.json()["error"]) == (429, 4291)


def test_a_used_up_quota_refuses_the_web_api_for_long(own: Simulator) -> None:
    client = sign_in(own)
    own.faults.quota_exceeded = True
    answer = client.get("/v1/me")
    assert answer.json() == {
        "error": {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}
    }
    assert int(answer.headers["Retry-After"]) > 20 * 3600
    assert client.get("/reccobeats/v1/track", ids="x").status_code == 200


def test_server_errors_are_random_but_repeatable() -> None:
    def run() -> list[int]:
        with Simulator(small(faults=Faults(rate_5xx=0.3))) as sim:
            client = sign_in(sim)
            return [client.get("/v1/me").status_code for _ in range(40)]

    statuses = run()
    assert statuses == run()
    assert set(statuses) > {200}
    assert 5 < sum(status >= 500 for status in statuses) < 20


def test_a_call_can_time_out(own: Simulator) -> None:
    client = sign_in(own)
    headers = {"Authorization": f"Bearer {client.token['access_token']}"}
    own.faults.rate_time_outs = 1
    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{own.url}/v1/me", headers=headers, timeout=0.2)
    own.faults.time_out_s = 0.01
    assert client.get("/v1/me").status_code == 504


def test_an_answer_can_be_cut_short(own: Simulator) -> None:
    client = sign_in(own)
    whole = client.get(PLAYED).content
    own.faults.rate_truncated_json = 1
    answer = client.get(PLAYED)
    assert (answer.status_code, answer.content) == (200, whole[: len(whole) // 2])
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.content)


def test_a_revocation_ends_with_a_new_consent(own: Simulator) -> None:
    client = sign_in(own)
    own.faults.revoked.add(client.user_id)
    assert client.get("/v1/me").status_code == 401
    assert refresh(own, client.token["refresh_token"]).json()["error"] == "invalid_grant"
    assert sign_in(own, listener=1).get("/v1/me").status_code == 200
    assert sign_in(own).get("/v1/me").status_code == 200


def test_faults_can_be_limited_to_some_paths(own: Simulator) -> None:
    client = sign_in(own)
    own.faults.rate_5xx, own.faults.paths = 1, ("/v1/me/player",)
    assert client.get(PLAYED).status_code >= 500
    assert client.get("/v1/me/tracks").status_code == 200


def test_entries_of_playlists_can_be_null_local_or_an_episode_always_the_same_ones(
    own: Simulator,
) -> None:
    client = sign_in(own)
    main = f"/v1/playlists/{own.listeners[0].playlist_id('main')}/items"
    whole = client.json(main, limit=50)["items"]
    elsewhere = [client.json(path, limit=50)["items"] for path in ("/v1/me/tracks", PLAYED)]
    own.faults.rate_null_items = own.faults.rate_local_items = 0.2
    own.faults.rate_episode_items = 0.2
    odd = client.json(main, limit=50)["items"]
    assert [entry["added_at"] for entry in odd] == [entry["added_at"] for entry in whole]
    contents = [entry["item"] for entry in odd]
    assert None in contents
    assert any(content and content["id"] is None for content in contents)
    assert any(content and content["type"] == "episode" for content in contents)
    assert sum(one == other for one, other in zip(odd, whole, strict=True)) > 10
    assert client.json(main, limit=50)["items"] == odd
    assert [client.json(path, limit=50)["items"] for path in ("/v1/me/tracks", PLAYED)] == elsewhere


@pytest.mark.parametrize(
    "path",
    [
        PLAYED,
        "/v1/me/tracks",
        "/v1/me/playlists",
        "/v1/me/top/tracks",
        "/v1/me/top/artists",
        "/v1/playlists/{main}/items",
    ],
)
def test_items_can_be_invalid_always_the_same_ones(own: Simulator, path: str) -> None:
    client = sign_in(own)
    path = path.format(main=own.listeners[0].playlist_id("main"))
    whole = client.json(path, limit=50)["items"]
    own.faults.rate_wrong_items = 0.5
    wrong = client.json(path, limit=50)["items"]
    assert client.json(path, limit=50)["items"] == wrong
    invalid = [two for one, two in zip(whole, wrong, strict=True) if one != two]
    assert 0 < len(invalid) < len(whole)
    own.faults.rate_wrong_items = 0
    assert client.json(path, limit=50)["items"] == whole


def test_an_invalid_item_lacks_a_field_or_has_one_of_another_type(own: Simulator) -> None:
    client = sign_in(own)
    own.faults.rate_wrong_items = 1
    entries = client.json(PLAYED, limit=50)["items"]
    names = [set(entry) for entry in entries]
    assert {"track", "context"} in names
    assert {"played_at", "context"} in names
    tracks = [entry["track"] for entry in entries if "track" in entry]
    assert [7] in tracks
    assert any(isinstance(track, dict) and track["id"] == [7] for track in tracks)
    assert any(entry.get("played_at") == [7] for entry in entries)


def test_the_truth_knows_which_plays_are_invalid(own: Simulator) -> None:
    client = sign_in(own)
    whole = client.json(PLAYED, limit=50)["items"][::-1]
    own.faults.rate_wrong_items = 0.3
    shown = client.json(PLAYED, limit=50)["items"][::-1]
    reachable = [true for true in own.truth(client.user_id) if true.is_reachable]
    assert [true.is_wrong for true in reachable] == [
        one != other for one, other in zip(whole, shown, strict=True)
    ]
    assert {true.is_wrong for true in reachable} == {True, False}


def test_a_recorded_entry_is_invalid_under_both_names() -> None:
    with Simulator(small(shapes="recorded", faults=Faults(rate_wrong_items=1))) as sim:
        main = sim.listeners[0].playlist_id("main")
        entries = sign_in(sim).json(f"/v1/playlists/{main}/items", limit=50)["items"]
        assert all(entry.get("item") == entry.get("track") for entry in entries)
        assert all(("item" in entry) == ("track" in entry) for entry in entries)


def test_a_connection_can_end_in_the_middle_of_an_answer(
    own: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    client = sign_in(own)
    own.faults.rate_disconnects = 1
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        client.get(PLAYED)
    own.faults.rate_disconnects = 0
    assert client.get(PLAYED).status_code == 200
    assert not [record for record in caplog.records if record.name.startswith("uvicorn")]


def test_a_valid_access_token_can_be_refused_once(own: Simulator) -> None:
    client = sign_in(own)
    own.faults.rate_401 = 1
    answer = client.get("/v1/me")
    assert answer.json() == {"error": {"status": 401, "message": "The access token expired"}}
    client.token = refresh(own, client.token["refresh_token"]).json()
    assert client.get("/v1/me").status_code == 200
    assert [client.get("/v1/me").status_code for _ in range(4)] == [401, 200] * 2
    assert client.get("/reccobeats/v1/track", ids="x").status_code == 200


def test_retry_after_may_be_zero(own: Simulator) -> None:
    client = sign_in(own)
    own.faults.rate_429, own.faults.retry_after_s = 1, 0
    assert client.get("/v1/me").headers["Retry-After"] == "0"


def test_an_accounts_quota_is_used_up_after_some_calls_until_it_is_renewed() -> None:
    with Simulator(small(listeners=6, faults=Faults(quota_exceeded_calls=4))) as sim:
        one, other = sign_in(sim), sign_in(sim, listener=5, app=1)
        statuses = [each.get("/v1/me").status_code for each in (one, other) * 3]
        assert statuses == [200] * 4 + [429] * 2
        assert one.get("/v1/me").json()["error"]["reason"] == "QUOTA_EXCEEDED"
        sim.apps[1].account = "another developer"
        assert other.get("/v1/me").status_code == 200
        sim.renew_quota()
        assert one.get("/v1/me").status_code == 200


def test_faults_of_one_caller_do_not_depend_on_calls_of_others() -> None:
    def statuses(others: int) -> list[int]:
        with Simulator(small(faults=Faults(rate_5xx=0.4))) as sim:
            client, other = sign_in(sim), sign_in(sim, listener=1)
            found = []
            for _ in range(20):
                found.append(client.get("/v1/me").status_code)
                for _ in range(others):
                    other.get("/v1/me")
            return found

    assert statuses(0) == statuses(2)


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
    client = sign_in(own)
    for track_id in own.catalogue.track_ids[:3]:
        client.get(f"/v1/tracks/{track_id}")
    assert own.calls[client.user_id] == {"/v1/tracks/{id}": 3}
    assert own.calls[""] == {"/authorize": 1, "/api/token": 1}


def test_ten_clients_wait_in_parallel() -> None:
    with Simulator(small(listeners=10, latency_ms=200)) as sim, ThreadPoolExecutor(10) as pool:
        clients = list(pool.map(lambda number: sign_in(sim, number, number // 5), range(10)))
        for client in clients:
            sim.truth(client.user_id)  # generates the plays before the time is measured
        began = time.perf_counter()
        answers = list(pool.map(lambda client: client.get(PLAYED), clients))
        took = time.perf_counter() - began
    assert [answer.status_code for answer in answers] == [200] * 10
    assert 0.2 <= took < 0.8  # one after the other it would be 2 s


def test_the_rate_limit_is_exact_when_clients_call_in_parallel() -> None:
    config = small(listeners=10, rate_limit=15, latency_ms=50)
    with Simulator(config) as sim, ThreadPoolExecutor(10) as pool:
        clients = list(pool.map(lambda number: sign_in(sim, number, number // 5), range(10)))
        answers = list(pool.map(lambda client: client.get("/v1/me"), clients * 3))
    assert sorted(answer.status_code for answer in answers) == [200] * 15 + [429] * 15


def test_latency_delays_every_answer() -> None:
    with Simulator(small(latency_ms=60)) as sim:
        assert requests.get(f"{sim.url}/v1/me", timeout=5).elapsed.total_seconds() > 0.055
