from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingestion.landing import Landing

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_a_page_has_a_path_by_listener_type_and_day_and_is_unchanged(tmp_path: Path) -> None:
    landing = Landing(str(tmp_path))
    run = landing.new_run("spotify", NOON)
    run.add("plays", b'{"items":  []}', NOON, "anna/ü")
    (page,) = run.finish().pages
    assert page.path.startswith("anna%2F%C3%BC/plays/2026-05-01/")
    assert landing.read(page.path) == b'{"items":  []}'


def finished(landing: Landing, source: str = "spotify") -> str:
    run = landing.new_run(source, NOON)
    run.add("plays", b"{}", NOON, "anna")
    return run.finish().run_id


def ids(landing: Landing, **options: Any) -> list[str]:
    return [each.run_id for each in landing.manifests("spotify", **options)]


def test_a_run_counts_only_if_it_is_finished_and_not_empty(tmp_path: Path) -> None:
    landing = Landing(str(tmp_path))
    landing.new_run("spotify", NOON).add("plays", b"{}", NOON, "anna")
    landing.new_run("spotify", NOON).finish()
    assert ids(landing) == []
    run = landing.new_run("spotify", NOON)
    run.record("spotify_capture_gaps", user_id="anna")
    assert [run.finish().run_id] == ids(landing)


def test_each_listener_has_own_cursors_per_source(tmp_path: Path) -> None:
    landing = Landing(str(tmp_path))
    assert landing.cursors("spotify", "anna") == {}
    landing.move_cursors("spotify", "anna", {"saved_at": "2026"})
    landing.move_cursors("spotify", "../anna", {"saved_at": "2025"})
    assert landing.cursors("spotify", "anna") == {"saved_at": "2026"}
    assert landing.cursors("reccobeats", "anna") == landing.cursors("spotify", "bob") == {}


def test_manifests_come_in_order_without_excluded_ones(tmp_path: Path) -> None:
    landing = Landing(str(tmp_path))
    first, second, third = (finished(landing) for _ in range(3))
    finished(landing, "reccobeats")
    assert ids(landing) == [first, second, third]
    assert ids(landing, exclude={second}) == [first, third]
    assert ids(landing, since=first[:8]) == [first, second, third]
    assert ids(landing, since="9999") == []
    newest = landing.latest("spotify")
    assert newest is not None
    assert newest.run_id == third


def test_temporary_files_are_not_read(tmp_path: Path) -> None:
    landing = Landing(str(tmp_path))
    run_id = finished(landing)
    (tmp_path / "_runs" / "spotify" / run_id[:8] / "9999.json.part").write_bytes(b"{")
    assert ids(landing) == [run_id]
