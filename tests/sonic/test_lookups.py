"""Tracks that only an export names are looked up by one call each, and only once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from sonic.job import stages
from sonic.job.import_history import import_history
from tests.exports import export, extended, plays_of
from tests.ingestion.worlds import World, world

pytestmark = pytest.mark.whole

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
NO_TRACK = "0" * 22
UNDESCRIBED = """
    select count(distinct track_id) from streaming_history_plays
    where track_id not in (select track_id from spotify_tracks)
"""


def look_up(live: World) -> str:
    outcome = stages.capture_lookups(live.job(), lambda *_: None)
    live.load()
    return outcome


def test_tracks_are_looked_up_once_even_those_that_spotify_does_not_know(
    tmp_path: Path,
) -> None:
    with world(tmp_path / "home", as_of=NOON, listeners=1) as live:
        user_id = live.simulator.listeners[0].user_id
        items = extended(live.simulator, plays_of(live.simulator, user_id)[:60])
        items.append({**items[0], "spotify_track_uri": f"spotify:track:{NO_TRACK}"})
        path = export(tmp_path / "export.zip", {"Streaming_History_Audio_2026.json": items})
        import_history(live.settings, Console(quiet=True), [path], "anna", None)
        live.load()
        ((wanted,),) = live.rows(UNDESCRIBED)

        live.settings.lookups_per_run = 10
        live.simulator.faults.rate_5xx, live.simulator.faults.paths = 0.2, ("/v1/tracks",)
        assert look_up(live) == "10 tracks"

        live.settings.lookups_per_run = 1_000
        live.simulator.faults.quota_exceeded = True
        assert "left for the next run" in look_up(live)
        live.simulator.faults.quota_exceeded = False
        live.simulator.faults.rate_5xx = 0.0
        assert look_up(live) == f"{wanted - 10} tracks"
        assert look_up(live) == "0 tracks"
        assert live.rows(UNDESCRIBED) == [(1,)]
        lookups = live.rows("select track_id, is_found from spotify_track_lookups")
    assert len(lookups) == len(set(lookups)) == wanted
    assert [track_id for track_id, is_found in lookups if not is_found] == [NO_TRACK]
