"""The simulator's answers follow Spotify's OpenAPI file and the recorded answers.

Spotify itself deviates from its file. All deviations are listed here: fields that are null or
absent in recorded answers or by the release notes.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml

from simulator import Simulator
from tests.simulator.client import Client, sign_in, small

MAY_BE_NULL = {
    "CursorPagingObject": ["next", "cursors"],  # an empty or last page
    "CursorObject": ["after"],  # the last page of followed artists
    "PlayHistoryObject": ["context"],  # a track that was played on its own
    "PlaylistTrackObject": ["added_at", "added_by", "item", "track"],  # old, or removed items
    "PlaylistObject": ["images"],  # a playlist without a cover
    "SimplifiedPlaylistObject": ["images"],
    "PrivateUserObject": ["display_name"],
}
NOT_FOR_NEW_APPS = {
    "AlbumBase": ["available_markets"],
    "AlbumObject": ["label", "popularity"],
}
PATHS: dict[str, dict[str, Any]] = {
    "/me": {},
    "/me/tracks": {"limit": 50},
    "/me/top/tracks": {"limit": 50, "time_range": "long_term"},
    "/me/top/artists": {"limit": 50},
    "/me/player/recently-played": {"limit": 50},
    "/me/following": {"type": "artist"},
    "/me/playlists": {"limit": 50},
}


class Checker:
    """Checks answers against the OpenAPI file, with the deviations above."""

    def __init__(self, path: Path, age: str) -> None:
        loaded = yaml.load(path.read_text(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        self._paths, self._components = loaded["paths"], json_schema(loaded["components"])
        schemas = self._components["schemas"]
        for name, fields in MAY_BE_NULL.items():
            properties = schemas[name]["properties"]
            properties.update({field: or_null(properties[field]) for field in fields})
        for name, fields in NOT_FOR_NEW_APPS.items() if age == "new" else ():
            required = schemas[name]["required"]
            schemas[name]["required"] = [field for field in required if field not in fields]

    def check(self, path: str, answer: Any, status: int = 200) -> None:
        response = self._paths[path]["get"]["responses"][str(status)]["$ref"].split("/")[-1]
        schema = self._components["responses"][response]["content"]["application/json"]["schema"]
        jsonschema.Draft7Validator({**schema, "components": self._components}).validate(answer)


def json_schema(node: Any) -> Any:
    """Translate OpenAPI 3.0's `nullable` to JSON Schema."""
    if isinstance(node, list):
        return [json_schema(member) for member in node]
    if not isinstance(node, dict):
        return node
    plain = {key: json_schema(value) for key, value in node.items() if key != "nullable"}
    return or_null(plain) if node.get("nullable") is True else plain


def or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


@pytest.fixture(scope="module", params=["new", "old", "recorded"])
def checked(request: pytest.FixtureRequest, shared: Path) -> Iterator[tuple[Client, Checker]]:
    checker = Checker(shared / "spotify" / "openapi.yml", request.param)
    with Simulator(small(shapes=request.param, listeners=4)) as sim:
        yield sign_in(sim, listener=3), checker  # the one without a name


@pytest.mark.parametrize("path", PATHS)
def test_the_listeners_own_lists_follow_the_description(
    checked: tuple[Client, Checker], path: str
) -> None:
    client, checker = checked
    checker.check(path, client.json(f"/v1{path}", **PATHS[path]))


def test_objects_by_id_follow_the_description(checked: tuple[Client, Checker]) -> None:
    client, checker = checked
    for track in client.json("/v1/me/top/tracks")["items"]:
        checker.check("/tracks/{id}", client.json(f"/v1/tracks/{track['id']}"))
        checker.check("/albums/{id}", client.json(f"/v1/albums/{track['album']['id']}"))
        checker.check("/artists/{id}", client.json(f"/v1/artists/{track['artists'][0]['id']}"))


def test_playlists_and_their_items_follow_the_description(checked: tuple[Client, Checker]) -> None:
    client, checker = checked
    for playlist in client.json("/v1/me/playlists")["items"][:-1]:
        page = client.json(f"/v1/playlists/{playlist['id']}/items", limit=50)
        # A local file has no ids, unlike in the OpenAPI file, but as in the recorded answers.
        page["items"] = [entry for entry in page["items"] if not entry["is_local"]]
        checker.check("/playlists/{playlist_id}/items", page)
        full = client.json(f"/v1/playlists/{playlist['id']}")
        for key in {"items", "tracks"} & set(full):
            full[key] = page
        checker.check("/playlists/{playlist_id}", full)


def test_refusals_follow_the_description(checked: tuple[Client, Checker]) -> None:
    client, checker = checked
    followed = client.json("/v1/me/playlists")["items"][-1]["id"]
    forbidden = client.get(f"/v1/playlists/{followed}/items")
    checker.check("/playlists/{playlist_id}/items", forbidden.json(), 403)
    client.sim.faults.rate_429 = 1
    checker.check("/me", client.get("/v1/me").json(), 429)
    client.sim.faults.rate_429 = 0
    stranger = Client(client.sim, "", {"access_token": "forged"})
    checker.check("/me", stranger.get("/v1/me").json(), 401)


@pytest.fixture(scope="module")
def recorded() -> Iterator[Client]:
    with Simulator(small(shapes="recorded")) as sim:
        yield sign_in(sim)


@pytest.fixture(scope="module")
def older() -> Iterator[Client]:
    with Simulator(small(shapes="old")) as sim:
        yield sign_in(sim)


@pytest.mark.parametrize(
    ("path", "recording", "missing"),
    [
        ("/v1/me", "current_user", set()),
        ("/v1/me/tracks", "saved_tracks", set()),
        ("/v1/me/top/tracks", "top_tracks", {"/items/restrictions", "/items/restrictions/reason"}),
        ("/v1/me/top/artists", "top_artists", set()),
        ("/v1/me/following?type=artist", "followed_artists", set()),
        ("/v1/me/player/recently-played", "recently_played_tracks", set()),
        (
            "/v1/me/playlists",
            "current_user_playlist_1",  # has both the old and the new name
            {"/items/items", "/items/items/href", "/items/items/total"},
        ),
        (
            "/v1/playlists/{odds}",
            "playlist_2",
            {"/images/url", "/images/height", "/images/width"},  # this one has no cover
        ),
        ("/v1/albums/{album}", "get_album", set()),
        ("/v1/artists/{artist}", "artist", set()),
    ],
)
def test_older_apps_get_every_key_that_was_recorded(
    older: Client, shared: Path, path: str, recording: str, missing: set[str]
) -> None:
    recorded = json.loads((shared / "spotify" / "fixtures" / f"{recording}.json").read_text())
    track = older.json("/v1/me/top/tracks")["items"][0]
    path = path.format(
        odds=older.json("/v1/me/playlists")["items"][2]["id"],
        album=track["album"]["id"],
        artist=track["artists"][0]["id"],
    )
    assert keys(recorded) - keys(older.json(path)) == missing


@pytest.mark.parametrize(
    ("path", "recording"),
    [
        ("/v1/me/playlists", "current_user_playlist_1"),
        ("/v1/playlists/{main}", "playlist_1"),
        ("/v1/playlists/{main}/items", "playlist_items"),
        ("/v1/playlists/{main}/tracks", "playlist_items"),
    ],
)
def test_the_recorded_shape_has_every_key_of_the_recordings_with_both_names(
    recorded: Client, shared: Path, path: str, recording: str
) -> None:
    text = (shared / "spotify" / "fixtures" / f"{recording}.json").read_text()
    answer = recorded.json(path.format(main=recorded.sim.listeners[0].playlist_id("main")))
    assert keys(json.loads(text)) <= keys(answer)


def keys(value: Any, path: str = "") -> set[str]:
    """Return the paths of all keys below a value, whatever the position in a list."""
    if isinstance(value, list):
        return {key for member in value for key in keys(member, path)}
    if not isinstance(value, dict):
        return set()
    own = {f"{path}/{name}" for name in value}
    return own.union(*(keys(below, f"{path}/{name}") for name, below in value.items()))
