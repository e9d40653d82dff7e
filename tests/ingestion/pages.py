"""Valid pages of every kind that is landed, and mutations of pages."""

import json
import string
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from hypothesis import strategies as st

from ingestion.http import Api, BearerAuth
from ingestion.landing import Landing
from ingestion.reccobeats.capture import capture_features
from oauth.spotify import SpotifyAuth
from tests.ingestion.worlds import World, world

NOON = datetime(2026, 5, 31, 12, tzinfo=UTC)
SHAPES: tuple[tuple[str, str], ...] = (
    ("new", "content"),
    ("old", "array"),
    ("recorded", "content"),
)
ADDRESS = "http://simulator"  # in the links of the pages
MAX_ITEMS = 3  # items are independent, so a few are enough


@dataclass(frozen=True)
class Page:
    """A page as it is landed; `source` is the kind of capture run."""

    source: str
    data_type: str
    body: bytes
    context: dict[str, Any] = field(default_factory=dict)
    is_truncated: bool = False

    @property
    def content(self) -> Any:
        return json.loads(self.body)

    def count_items(self) -> int:
        """Count what must become rows or go to quarantine; an unreadable page counts as one."""
        try:
            content = json.loads(self.body)
        except (ValueError, RecursionError):
            return 1
        items = self._items(content)
        return len(items) if isinstance(items, list) else 1

    def _items(self, content: Any) -> Any:
        if self.source == "reccobeats":
            return content.get("content") if isinstance(content, dict) else content
        if not isinstance(content, dict):
            return content if self.data_type not in ("profile", "followed_artists") else None
        if "error" in content or self.data_type == "profile":
            return None
        if self.data_type == "objects":
            return content.get("items", [content])
        if self.data_type == "followed_artists":
            content = content.get("artists")
            return content.get("items") if isinstance(content, dict) else content
        return content.get("items")


def good_pages(folder: Path) -> list[Page]:
    """Return pages of a simulated world for every request, in all shapes."""
    pages: dict[str, Page] = {}
    for shapes, answers in SHAPES:
        options = {"shapes": shapes, "reccobeats_shape": answers, "listeners": 1}
        with world(folder / shapes, as_of=NOON, **options) as live:
            faults = live.simulator.faults
            faults.rate_null_items = faults.rate_local_items = faults.rate_episode_items = 0.1
            live.capture()
            _capture_features(live)
            for page in (*_landed(live), *_objects(live)):
                kind = (shapes, page.data_type, *map(str, page.context.get("kind", "")))
                pages.setdefault(str((*kind, len(pages) % 2)), _short(page))
    return list(pages.values())


def _landed(live: World) -> Iterator[Page]:
    landing = Landing(live.settings.landing)
    for source in ("spotify", "reccobeats"):
        for manifest in landing.manifests(source):
            for page in manifest.pages:
                body = landing.read(page.path).replace(
                    live.simulator.url.encode(), ADDRESS.encode()
                )
                yield Page(source, page.data_type, body, page.context)


def _objects(live: World) -> Iterator[Page]:
    job = live.job()
    auth = SpotifyAuth(job.settings.spotify_accounts_url, next(iter(job.apps.values())), "")
    api = Api(job.settings.spotify_api_url, BearerAuth(auth.app_token))
    track = live.simulator.catalogue.track(live.simulator.catalogue.track_ids[0])
    for path, context in (
        (f"tracks/{track.track_id}", {"track_id": track.track_id}),
        (f"albums/{track.album.album_id}", {}),
        (f"artists/{track.artists[0].artist_id}", {}),
    ):
        (body,) = api.pages(path, {})
        yield Page("spotify", "objects", body, context)
        if path.startswith("albums"):
            yield Page("spotify", "objects", json.dumps(json.loads(body)["tracks"]).encode())


def _capture_features(live: World) -> None:
    run = Landing(live.settings.landing).new_run("reccobeats", NOON)
    track_ids = live.simulator.catalogue.track_ids[:20]
    capture_features(live.settings.reccobeats_url, run, track_ids, lambda: NOON, lambda _: None)
    run.finish()


def _short(page: Page) -> Page:
    content = page.content
    inner = content.get("artists", content) if page.data_type == "followed_artists" else content
    key = "content" if page.source == "reccobeats" else "items"
    if isinstance(inner, dict) and isinstance(inner.get(key), list):
        inner[key] = inner[key][:MAX_ITEMS]
        inner |= {"next": None} if "next" in inner else {}
    if isinstance(content, list):
        content = content[:MAX_ITEMS]
    context = dict(page.context)
    if "asked" in context:
        shown = content["content"] if isinstance(content, dict) else content
        known = [each["href"].rsplit("/", 1)[-1] for each in shown]
        context["asked"] = list(dict.fromkeys([*known, *context["asked"][:2]]))
    return replace(page, body=json.dumps(content).encode(), context=context)


EDGES: list[Any] = [
    None,
    True,
    0,
    -1,
    7.5,
    2**53,
    -(2**63) - 1,
    10**30,
    float("nan"),
    float("inf"),
    "",
    " ",
    "7",
    "\x00",
    "\ud800",
    "é" * 9,
    "x" * 100_001,
    "track",
    "artist",
    "album",
    "episode",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "1969-12-31T23:59:59Z",
    "2026-02-30T00:00:00Z",
    "2026-05-31T12:00:00",
    "../..",
    [],
    {},
    [None],
    {"id": None},
    [{}],
]
anything = st.sampled_from(EDGES) | st.recursive(
    st.none() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["id", "items", "error", "type", "x"]), inner, max_size=2)
    ),
    max_leaves=4,
)
Change = Literal["replace", "remove", "add", "double", "wrap", "deep", "swap"]
CHANGES: tuple[Change, ...] = ("replace", "replace", "remove", "add", "double", "wrap", "swap")


@st.composite
def mutated(draw: st.DrawFn, pages: list[Page]) -> Page:
    """Draw a page that is mutated anywhere in its tree, or cut short, or replaced completely."""
    page = draw(st.sampled_from(pages))
    root = [deepcopy(page.content)]
    for change in draw(st.lists(st.sampled_from(CHANGES), max_size=4)):
        _change(draw, root, change)
    body = json.dumps(root[0]).encode()
    match draw(st.sampled_from(["whole", "whole", "whole", "cut", "deep", "bytes"])):
        case "cut" if body[:1] in (b"{", b"["):
            cut = body[: draw(st.integers(0, len(body) - 1))]
            return replace(page, body=cut, is_truncated=True)
        case "deep":
            body = _deep(draw, root[0])
        case "bytes":
            body = draw(st.binary(max_size=9)) + body[draw(st.integers(0, len(body))) :]
    return replace(page, body=body)


def _change(draw: st.DrawFn, root: list[Any], change: Change) -> None:
    """Change one node of the tree; `root` is a list with the tree as its only item."""
    places = [*_places(root)]
    parent, key = draw(st.sampled_from(places))
    node = parent[key]
    match change:
        case "replace":
            parent[key] = draw(anything)
        case "remove" if parent is not root:
            del parent[key]
        case "add" if isinstance(node, dict):
            node[draw(st.text(string.ascii_lowercase, max_size=5))] = draw(anything)
        case "double" if isinstance(node, list):
            node.extend(deepcopy(node))
        case "wrap":
            parent[key] = [node] if draw(st.booleans()) else {"id": node}
        case "swap":
            other, name = draw(st.sampled_from(places))
            parent[key] = deepcopy(other[name])


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    for key in list(tree) if isinstance(tree, dict) else range(len(tree)):
        yield tree, key
        if isinstance(tree[key], dict | list) and tree[key]:
            yield from _places(tree[key])


def _deep(draw: st.DrawFn, content: Any) -> bytes:
    """Nest a node deep: still readable, or far beyond the recursion limit."""
    parent, key = draw(st.sampled_from([*_places([content])]))
    mark = "deeply nested"
    whole = parent[key] is content
    body = f'"{mark}"' if whole else ""
    if not whole:
        parent[key] = mark
        body = json.dumps(content)
    depth = draw(st.sampled_from([2, 30, 300, 100_000]))
    opening, closing = draw(st.sampled_from([("[", "]"), ('{"x":', "}")]))
    return body.replace(f'"{mark}"', opening * depth + "1" + closing * depth).encode()
