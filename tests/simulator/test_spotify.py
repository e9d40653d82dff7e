"""The Web API's rules: tokens and scopes, pages, cursors, and the two shapes."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests

from simulator import Simulator
from simulator.world.plays import HELD
from tests.simulator.client import Client, sign_in, small


@pytest.fixture(scope="module")
def old() -> Iterator[Client]:
    with Simulator(small(shapes="old")) as simulator:
        yield sign_in(simulator)


def test_a_token_is_needed(sim: Simulator) -> None:
    for header in ("Bearer forged", "Bearer AQx", "Basic AQAQ", None):
        headers = {"Authorization": header} if header else {}
        answer = requests.get(f"{sim.url}/v1/me", headers=headers, timeout=5)
        assert answer.status_code == answer.json()["error"]["status"] == 401


def test_a_scope_is_needed(sim: Simulator) -> None:
    guest = sign_in(sim, scope="user-top-read")
    assert guest.get("/v1/me/top/artists").status_code == 200
    assert guest.get("/v1/me/tracks").json() == {
        "error": {"status": 403, "message": "Insufficient client scope"}
    }


@pytest.mark.parametrize(
    ("path", "params", "status"),
    [
        ("/v1/tracks/unknown", {}, 404),
        ("/v1/albums/unknown", {}, 404),
        ("/v1/artists/unknown", {}, 404),
        ("/v1/playlists/unknown", {}, 404),
        ("/v1/audio-features/unknown", {}, 404),
        ("/v1/unknown", {}, 404),
        ("/v1/me/top/albums", {}, 404),
        ("/v1/me/tracks", {"limit": 51}, 400),
        ("/v1/me/top/tracks", {"time_range": "ages"}, 400),
        ("/v1/me/following", {"type": "user"}, 400),
        ("/v1/me/player/recently-played", {"after": 1, "before": 2}, 400),
        ("/v1/tracks", {"ids": "a,b"}, 403),
    ],
)
def test_refusals_have_their_status_in_the_body(
    client: Client, path: str, params: dict[str, str], status: int
) -> None:
    answer = client.get(path, **params)
    assert answer.status_code == answer.json()["error"]["status"] == status


def test_pages_lead_through_the_complete_list(client: Client, sim: Simulator) -> None:
    saved = sim.world.library(client.user_id).saved_tracks(sim.clock)
    served = list(client.items("/v1/me/tracks", limit=17))
    assert [entry["track"]["id"] for entry in served] == [item.track_id for item in saved]
    page = client.json("/v1/me/tracks", limit=10, offset=10)
    assert (page["total"], page["offset"]) == (len(saved), 10)
    assert client.json(page["previous"].removeprefix(sim.url))["offset"] == 0


def test_followed_artists_are_paged_by_the_last_one(client: Client, sim: Simulator) -> None:
    everybody = client.json("/v1/me/following", type="artist")["artists"]
    first = client.json("/v1/me/following", type="artist", limit=3)["artists"]
    rest = client.json(first["next"].removeprefix(sim.url))["artists"]
    assert first["items"] + rest["items"] == everybody["items"][:6]
    assert (everybody["next"], everybody["cursors"]) == (None, {"after": None})


def test_only_the_last_fifty_plays_are_returned(client: Client, sim: Simulator) -> None:
    reachable = [true.play for true in sim.truth(client.user_id) if true.is_reachable]
    served = list(client.items("/v1/me/player/recently-played", limit=20))
    assert len(served) == HELD
    assert [entry["track"]["id"] for entry in served] == [play.track_id for play in reachable[::-1]]
    stamps = [entry["played_at"] for entry in served]
    assert stamps == sorted(stamps, reverse=True)
    assert all(len(stamp) == len("2026-02-25T20:15:20.497Z") for stamp in stamps)


def test_plays_after_a_cursor_come_oldest_page_first(client: Client, sim: Simulator) -> None:
    path = "/v1/me/player/recently-played"
    everything = client.json(path, limit=50)["items"]
    cursor = client.json(path, limit=31)["cursors"]["before"]
    page = client.json(path, after=cursor, limit=20)
    assert page["items"] == everything[10:30]
    assert client.json(page["next"].removeprefix(sim.url))["items"] == everything[:10]
    assert client.json(path, before=cursor, limit=50)["items"] == everything[31:]


def test_an_empty_page_of_plays_has_no_cursors(client: Client) -> None:
    path = "/v1/me/player/recently-played"
    newest = client.json(path, limit=1)["cursors"]["after"]
    page = client.json(path, after=newest)
    assert (page["items"], page["next"], page["cursors"]) == ([], None, None)


def test_the_next_day_has_new_plays(own: Simulator) -> None:
    newest = sign_in(own).json("/v1/me/player/recently-played")["cursors"]["after"]
    own.set_clock(own.clock + timedelta(days=1))
    page = sign_in(own).json("/v1/me/player/recently-played", after=newest, limit=50)
    happened = own.truth(own.listeners[0].user_id)
    assert 0 < len(page["items"]) < HELD
    assert page["items"][0]["track"]["id"] == happened[-1].play.track_id


def test_items_are_shown_of_own_and_shared_playlists_only(client: Client) -> None:
    *readable, followed = client.json("/v1/me/playlists")["items"]
    for playlist in readable:
        path = f"/v1/playlists/{playlist['id']}"
        items = list(client.items(f"{path}/items", limit=50))
        assert len(items) == playlist["items"]["total"]
        full = client.json(path)
        assert full["items"]["items"] == items[:100]
        assert full["snapshot_id"] == playlist["snapshot_id"]
    assert "items" not in followed
    assert "items" not in client.json(f"/v1/playlists/{followed['id']}")
    assert client.get(f"/v1/playlists/{followed['id']}/items").status_code == 403
    assert client.get(f"/v1/playlists/{readable[0]['id']}/tracks").status_code == 403


def test_new_apps_get_fewer_fields(client: Client, old: Client) -> None:
    def keys(path: str) -> tuple[set[str], set[str]]:
        new_one, old_one = client.json(path), old.json(path)
        return set(new_one) - set(old_one), set(old_one) - set(new_one)

    track = client.json("/v1/me/top/tracks")["items"][0]
    assert keys("/v1/me") == (
        {"account_id"},
        {"country", "email", "explicit_content", "followers", "product"},
    )
    assert keys(f"/v1/tracks/{track['id']}") == (
        set(),
        {"popularity", "available_markets", "preview_url"},
    )
    assert keys(f"/v1/albums/{track['album']['id']}") == (
        set(),
        {"label", "popularity", "available_markets"},
    )
    assert keys(f"/v1/artists/{track['artists'][0]['id']}") == (set(), {"followers", "popularity"})
    assert "isrc" in track["external_ids"]


def test_older_apps_get_the_same_content_under_older_names(client: Client, old: Client) -> None:
    new_list = client.json("/v1/me/playlists")["items"]
    old_list = old.json("/v1/me/playlists")["items"]
    for new_one, old_one in zip(new_list, old_list, strict=True):
        assert "items" not in old_one
        assert old_one["tracks"]["total"] == new_one.get("items", old_one["tracks"])["total"]
    path = f"/v1/playlists/{new_list[0]['id']}"
    new_ids = [entry["item"]["id"] for entry in client.items(f"{path}/items", limit=50)]
    assert [entry["track"]["id"] for entry in old.items(f"{path}/tracks", limit=100)] == new_ids
    assert old.get(f"/v1/playlists/{old_list[-1]['id']}/tracks").status_code == 403


def test_recorded_playlists_and_entries_have_both_names(client: Client) -> None:
    with Simulator(small(shapes="recorded")) as sim:
        both = sign_in(sim)
        for playlist in both.json("/v1/me/playlists")["items"]:
            assert playlist["items"]["total"] == playlist["tracks"]["total"]
        path = f"/v1/playlists/{sim.listeners[0].playlist_id('odds')}"
        full = both.json(path)
        for name in ("items", "tracks"):
            entries = list(both.items(f"{path}/{name}"))
            assert full[name]["items"] == entries
            assert all(entry["item"] == entry["track"] for entry in entries)
        shown = [entry["item"] and entry["item"]["id"] for entry in full["items"]["items"]]
        new = [entry["item"] and entry["item"]["id"] for entry in client.items(f"{path}/items")]
    assert shown == new


def test_removed_things_are_returned_no_more(own: Simulator) -> None:
    user_id, path = own.listeners[0].user_id, "/v1/me/tracks"
    own.set_clock(own.clock + timedelta(days=60))
    client = sign_in(own)
    saved = [item for item in own.saved(user_id) if not item.removed_at]
    shown = [entry["track"]["id"] for entry in client.items(path, limit=50)]
    assert shown == [item.track_id for item in reversed(saved)]
    gone = {item.track_id for item in own.saved(user_id) if item.removed_at} - set(shown)
    assert len(gone) > 3
    artists = {follow.artist.artist_id for follow in own.followed(user_id) if follow.removed_at}
    page = client.json("/v1/me/following", type="artist", limit=50)["artists"]
    still = [f.artist.artist_id for f in own.followed(user_id) if not f.removed_at]
    assert artists
    assert [artist["id"] for artist in page["items"]] == still[:50]
    for playlist_id, items in own.playlist_items(user_id).items():
        answer = client.get(f"/v1/playlists/{playlist_id}/items", limit=50)
        if answer.status_code == 200:
            assert answer.json()["total"] == sum(not item.removed_at for item in items)


def test_older_apps_may_request_several(old: Client) -> None:
    one, two = old.json("/v1/me/top/tracks", limit=2)["items"]
    ids = f"{one['id']},unknown,{two['id']}"
    assert old.json("/v1/tracks", ids=ids) == {"tracks": [one, None, two]}
    assert old.get("/v1/artists", ids=",".join(["a"] * 51)).status_code == 400
