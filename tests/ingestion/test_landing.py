from datetime import UTC, datetime
from pathlib import Path

from ingestion.landing import Landing

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_a_page_lies_by_listener_type_and_day_and_reads_as_it_came(tmp_path: Path) -> None:
    landing = Landing(str(tmp_path))
    run = landing.new_run("spotify", NOON)
    run.add("plays", b'{"items":  []}', NOON, "anna/ü")
    (page,) = run.finish().pages
    assert page.path.startswith("anna%2F%C3%BC/plays/2026-05-01/")
    assert landing.read(page.path) == b'{"items":  []}'


def test_a_run_counts_only_once_it_is_finished(tmp_path: Path) -> None:
    landing = Landing(str(tmp_path))
    landing.new_run("spotify", NOON).add("plays", b"{}", NOON, "anna")
    assert landing.manifests("spotify") == []


def test_cursors_go_on_from_the_last_finished_run_of_the_same_source(tmp_path: Path) -> None:
    landing = Landing(str(tmp_path))
    first = landing.new_run("spotify", NOON)
    first.manifest.cursors["anna"] = {"saved_at": "2026"}
    first.finish()
    landing.new_run("reccobeats", NOON).finish()
    assert landing.new_run("spotify", NOON).manifest.cursors == {"anna": {"saved_at": "2026"}}


def test_manifests_are_all_but_those_that_are_known_in_order(tmp_path: Path) -> None:
    landing = Landing(str(tmp_path))
    ids = [landing.new_run("spotify", NOON).finish().run_id for _ in range(3)]
    assert [each.run_id for each in landing.manifests("spotify", but={ids[1]})] == [ids[0], ids[2]]


def test_nothing_temporary_is_read(tmp_path: Path) -> None:
    landing = Landing(str(tmp_path))
    run = landing.new_run("spotify", NOON).finish()
    (tmp_path / "_runs" / "spotify" / "9999.json.part").write_bytes(b"{")
    assert [each.run_id for each in landing.manifests("spotify")] == [run.run_id]
