"""Whatever is wrong with a page, nothing stops, and each item is a row or quarantined."""

import sys
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings

from ingestion import destinations
from ingestion.landed import SOURCES, load_landed
from ingestion.landing import Landing, Manifest, Run
from ingestion.load import Bronze
from ingestion.rows import parse_runs
from tests.ingestion.pages import NOON, Page, good_pages, mutated

PRIMARY = {
    "profile": "spotify_profiles",
    "plays": "spotify_plays",
    "saved_tracks": "spotify_saved_tracks",
    "playlists": "spotify_playlists",
    "playlist_items": "spotify_playlist_items",
    "top_items": "spotify_top_items",
    "followed_artists": "spotify_followed_artists",
    "audio_features": "reccobeats_audio_features",
}

OF = {"playlist_id": "p", "snapshot_id": "s"}
HUGE_OFFSET = b'{"items": [{"item": null}], "offset": 1%s}' % (b"0" * 30)
KNOWN = b'{"id": "uuid", "href": "https://open.spotify.com/track/t1"}'
TWICE = b"[%s, %s]" % (KNOWN, KNOWN)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Page]:
    found = good_pages(tmp_path_factory.mktemp("good"))
    assert {page.data_type for page in found} == {*PRIMARY, "mapping", "objects"}
    return found


def landed(landing: Landing, page: Page, run_id: str = "run") -> Manifest:
    run = Run(landing, Manifest(run_id, page.source, NOON.isoformat()))
    run.add(page.data_type, page.body, NOON, "anna", **page.context)
    return run.finish()


def parsed(landing: Landing, manifest: Manifest) -> dict[str, pa.Table]:
    name, source = manifest.source, SOURCES[manifest.source]
    return parse_runs(name, [manifest], landing, source.parse, source.schemas)


def count_primary(page: Page, tables: dict[str, pa.Table]) -> int:
    """Count the rows of a page's items, without those of the objects in them."""

    def present(table: str, column: str) -> int:
        return tables[table].num_rows - int(tables[table][column].null_count)

    if page.data_type == "mapping":
        return present("reccobeats_mapping", "reccobeats_id")
    if page.data_type == "objects":
        tracks, of_tracks = tables["spotify_tracks"], tables["spotify_track_artists"].num_rows
        albums = tables["spotify_albums"].num_rows - present("spotify_tracks", "album_id")
        return int(tracks.num_rows + albums + tables["spotify_artists"].num_rows - of_tracks)
    return int(tables[PRIMARY[page.data_type]].num_rows)


def check(page: Page, tables: dict[str, pa.Table]) -> None:
    (run,) = tables["capture_runs"].to_pylist()
    quarantined = tables["quarantine"]
    assert run["count_items"] == page.count_items()
    assert run["count_items"] == count_primary(page, tables) + quarantined.num_rows
    assert all(quarantined["reason"].to_pylist())
    if page.is_truncated:
        assert run["count_items"] == quarantined.num_rows == 1


def test_every_item_of_a_good_page_is_a_row(pages: list[Page], tmp_path: Path) -> None:
    landing = Landing(str(tmp_path))
    for page in pages:
        tables = parsed(landing, landed(landing, page))
        check(page, tables)
        assert not tables["quarantine"].num_rows


def test_a_page_without_a_list_marks_no_track_as_unknown(tmp_path: Path) -> None:
    landing = Landing(str(tmp_path))
    page = Page("reccobeats", "mapping", b'{"content": null}', {"asked": ["t1"]})
    assert parsed(landing, landed(landing, page))["reccobeats_mapping"].num_rows == 0


def test_pages_nested_near_the_recursion_limit_stop_nothing(tmp_path: Path) -> None:
    landing = Landing(str(tmp_path))
    limit = sys.getrecursionlimit()
    for depth in range(limit - 150, limit):
        body = b'{"items": [%s1%s]}' % (b"[" * depth, b"]" * depth)
        check(page := Page("spotify", "plays", body), parsed(landing, landed(landing, page)))


@pytest.mark.parametrize("examples", [150, pytest.param(2_000, marks=pytest.mark.soak)])
def test_each_item_of_a_mutated_page_is_a_row_or_quarantined(
    pages: list[Page], tmp_path: Path, examples: int
) -> None:
    landing = Landing(str(tmp_path / "landing"))
    seen: Counter[str] = Counter()

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(mutated(pages))
    @example(Page("spotify", "playlist_items", b'{"items": [{"item": null}], "offset": 1e400}', OF))
    @example(Page("spotify", "playlist_items", HUGE_OFFSET, OF))
    @example(Page("reccobeats", "mapping", TWICE, {"asked": ["t2", "t3"]}))
    @example(Page("reccobeats", "mapping", b'{"content": null}', {"asked": ["t1"]}))
    def each(page: Page) -> None:
        manifest = landed(landing, page, f"{len(seen):05d}")
        check(page, parsed(landing, manifest))
        seen[manifest.run_id] = page.count_items()

    each()
    bronze = Bronze(destinations.duckdb(tmp_path / "sonic.duckdb"), tmp_path / "pipelines")
    for source in ("spotify", "reccobeats"):
        load_landed(bronze, landing, source)
    loaded = bronze.query("spotify", "select run_id, count_items from capture_runs")
    assert dict(loaded) == seen
