"""Whatever Spotify answers, capture never stops and lands every answer."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tenacity import wait_none

from ingestion import http
from ingestion.landing import Landing, Manifest
from ingestion.rows import parse_runs
from ingestion.spotify.capture import ListenerAccess, SpotifyCapture
from ingestion.spotify.parse import parse_page
from ingestion.tables import SPOTIFY
from tests.ingestion.pages import ADDRESS, NOON, Page, good_pages, mutated
from tests.ingestion.stub_api import MAX_CALLS, StubApi, stub_api
from tests.ingestion.test_mutated_pages import PRIMARY


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Page]:
    found = good_pages(tmp_path_factory.mktemp("good"))
    return [page for page in found if page.data_type in PRIMARY and page.source == "spotify"]


@pytest.fixture(scope="module")
def api() -> Iterator[StubApi]:
    with stub_api() as running:
        yield running


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retry without a delay."""
    monkeypatch.setattr(http, "BACK_OFF", wait_none())


def endpoint(page: Page) -> str:
    return str(page.context.get("kind", page.data_type))


def captured(api: StubApi, folder: Path) -> tuple[int, Landing, Manifest]:
    landing = Landing(str(folder))
    capture = SpotifyCapture(api.url, landing, NOON, lambda: NOON)
    anna = ListenerAccess("anna", lambda: "token", connected_at=NOON)
    done = capture.listeners([anna], lambda _: None)
    manifest = landing.latest("spotify")
    assert manifest is not None
    return done, landing, manifest


def check(api: StubApi, folder: Path) -> tuple[int, Manifest]:
    """Capture for the first time, and parse: broken bodies are landed each time they came."""
    done, landing, manifest = captured(api, folder / token_hex(8))
    assert api.count_calls < MAX_CALLS
    assert done == (not manifest.problems)
    landed = Counter(landing.read(page.path) for page in manifest.pages)
    assert {body: landed[body] for body in api.broken} == api.broken
    tables = parse_runs("spotify", [manifest], landing, parse_page, SPOTIFY)
    expected = [
        Page("spotify", page.data_type, landing.read(page.path), page.context).count_items()
        for page in manifest.pages
    ]
    rows = sum(tables[name].num_rows for name in PRIMARY.values() if name in tables)
    assert tables["capture_runs"]["count_items"].to_pylist() == [sum(expected)]
    assert sum(expected) == rows + tables["quarantine"].num_rows
    return done, manifest


def answers(pages: list[Page], changed: list[Page]) -> dict[str, list[bytes]]:
    """Return valid answers except for `changed`; a page cut short is complete the second time."""
    good = {endpoint(page): page.body for page in pages}
    found = {name: [body] for name, body in good.items()}
    for page in changed:
        name = endpoint(page)
        found[name] = [page.body, good[name]] if page.is_truncated else [page.body]
    return found


def test_good_answers_are_captured(pages: list[Page], api: StubApi, tmp_path: Path) -> None:
    api.expect(answers(pages, []))
    done, manifest = check(api, tmp_path)
    assert done == 1
    assert {page.data_type for page in manifest.pages} == set(PRIMARY) - {"audio_features"}


@pytest.mark.parametrize("examples", [40, pytest.param(1_000, marks=pytest.mark.soak)])
def test_mutated_answers_stop_nothing(
    pages: list[Page], api: StubApi, tmp_path: Path, examples: int
) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(mutated(pages), min_size=1, max_size=3))
    def each(changed: list[Page]) -> None:
        api.expect(answers(pages, changed))
        check(api, tmp_path)

    each()


@pytest.mark.parametrize("data_type", sorted(set(PRIMARY) - {"audio_features"}))
def test_a_page_that_is_cut_short_is_landed_unchanged_and_requested_again(
    pages: list[Page], api: StubApi, tmp_path: Path, data_type: str
) -> None:
    whole = next(page for page in pages if page.data_type == data_type)
    cut = Page("spotify", data_type, whole.body[:-1], whole.context, is_truncated=True)
    api.expect(answers(pages, [cut]))
    done, manifest = check(api, tmp_path)
    assert done == 1
    assert api.broken.total() == 1
    assert len([page for page in manifest.pages if page.data_type == data_type]) >= 2


def items_and(**fields: Any) -> bytes:
    return json.dumps({"items": [{"id": "p", "snapshot_id": "s", "name": "n"}], **fields}).encode()


@pytest.mark.parametrize(
    ("data_type", "body"),
    [
        ("plays", items_and(next=f"{ADDRESS}/me/player/recently-played")),
        ("saved_tracks", items_and(next="http://elsewhere/me/tracks")),
        ("saved_tracks", items_and(next=7)),
        ("playlists", items_and().replace(b'"p"', b'"\\ud800"')),
        ("playlists", items_and().replace(b'"s"', b'"\\ud800"')),
        ("playlists", items_and().replace(b'"p"', b'".."')),
        ("playlist_items", b"null"),
        ("playlist_items", items_and(offset=10**30)),
        ("profile", b"null"),
        ("profile", b"[]"),
        ("profile", b""),
        ("profile", b"\xff"),
        ("followed_artists", b'{"artists": [{"next": 7}]}'),
    ],
)
def test_odd_answers_stop_nothing(
    pages: list[Page], api: StubApi, tmp_path: Path, data_type: str, body: bytes
) -> None:
    api.expect(answers(pages, [Page("spotify", data_type, body)]))
    _, manifest = check(api, tmp_path)
    assert {page.data_type for page in manifest.pages} >= {"top_items", "plays"}


def test_a_full_page_is_a_gap_even_if_some_of_its_plays_cannot_be_read(
    pages: list[Page], api: StubApi, tmp_path: Path
) -> None:
    for played_at, unreadable in (("2026-05-31T06:00:00Z", 0), ("2026-05-31T11:00:00Z", 49)):
        body = json.dumps({"items": [{"played_at": played_at}, *[None] * unreadable]}).encode()
        api.expect(answers(pages, [Page("spotify", "plays", body)]))
        _, _, manifest = captured(api, tmp_path)
    (gap,) = manifest.facts["spotify_capture_gaps"]
    assert gap["gap_start"] == "2026-05-31T06:00:00+00:00"
    assert gap["gap_end"] == "2026-05-31T11:00:00+00:00"


def test_answers_nested_near_the_recursion_limit_stop_nothing(
    pages: list[Page], api: StubApi, tmp_path: Path
) -> None:
    limit = sys.getrecursionlimit()
    for depth in range(limit - 60, limit, 2):
        nested = b'{"items": [{"id": %s1%s}]}' % (b"[" * depth, b"]" * depth)
        changed = [Page("spotify", kind, nested) for kind in ("plays", "playlists", "saved_tracks")]
        api.expect(answers(pages, changed))
        check(api, tmp_path)


UNREADABLE = [
    b'{"items": null, "total": 9}',
    b'{"items": [], "total": 9}',
    b'{"error": "no"}',
    b"[]",
]


@pytest.mark.parametrize(
    "kind", ["saved_tracks", "playlist_items", "playlists", "followed_artists"]
)
@pytest.mark.parametrize("body", UNREADABLE)
def test_an_unreadable_list_is_no_full_sync_and_is_requested_again(
    kind: str, body: bytes, whole: list[Page], api: StubApi, tmp_path: Path
) -> None:
    api.expect(answers(whole, [Page("spotify", kind, body)]))
    done, _, manifest = captured(api, tmp_path)
    assert not done
    assert kind not in full_syncs(manifest)
    api.expect(answers(whole, []))
    done, _, manifest = captured(api, tmp_path)
    assert done
    assert kind in full_syncs(manifest)


def test_an_invalid_item_does_not_look_removed(
    whole: list[Page], api: StubApi, tmp_path: Path
) -> None:
    (good,) = [page for page in whole if page.data_type == "saved_tracks"][:1]
    body = json.loads(good.body)
    del body["items"][0]["track"]["name"]
    api.expect(answers(whole, [Page("spotify", "saved_tracks", json.dumps(body).encode())]))
    done, _, manifest = captured(api, tmp_path)
    assert done
    assert "saved_tracks" not in full_syncs(manifest)
    assert "playlists" in full_syncs(manifest)


def test_a_sync_with_nothing_new_lands_nothing(
    whole: list[Page], api: StubApi, tmp_path: Path
) -> None:
    api.expect(answers(whole, []))
    _, landing, _ = captured(api, tmp_path)
    before = sorted(tmp_path.rglob("*.json"))
    captured(api, tmp_path)
    assert sorted(tmp_path.rglob("*.json")) == before
    assert len(list(landing.manifests("spotify"))) == 1


@pytest.fixture(scope="module")
def whole(pages: list[Page]) -> list[Page]:
    """The valid pages, each as the only page of its list."""
    return [
        replace(page, body=json.dumps(as_whole(json.loads(page.body))).encode()) for page in pages
    ]


def as_whole(body: dict[str, Any]) -> dict[str, Any]:
    if "artists" in body and isinstance(body["artists"], dict):
        return {**body, "artists": as_whole(body["artists"])}
    return {**body, "total": len(body["items"]), "next": None} if "items" in body else body


def full_syncs(manifest: Manifest) -> set[str]:
    return {each["data_type"] for each in manifest.facts.get("spotify_full_passes", ())}
