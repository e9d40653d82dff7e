"""Refused calls are few, and stop nothing else."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tenacity import wait_none

from ingestion import http
from ingestion.landing import Landing, Run
from ingestion.quota import Quota
from ingestion.reccobeats.capture import capture_features
from ingestion.spotify.lookups import TrackLookups
from tests.ingestion.scripted_api import Answer, ScriptedApi, scripted

NOON = datetime(2026, 5, 31, 12, tzinfo=UTC)
IDS = [f"track{number}" for number in range(100)]
TRACK = Answer(json.dumps({"type": "track", "id": "t", "uri": "spotify:track:t", "name": "T"}))


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(http, "BACK_OFF", wait_none())
    return Landing(str(tmp_path)).new_run("spotify_lookups", NOON)


def requested_features(api: ScriptedApi, run: Run, ids: list[str]) -> int:
    return capture_features(api.url, run, ids, lambda: NOON, lambda _: None)


def looked_up(api: ScriptedApi, run: Run, ids: list[str]) -> int:
    lookups = TrackLookups(api.url, run, lambda: "token", lambda: NOON, Quota())
    return lookups.look_up(ids, lambda _: None)


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_an_api_that_refuses_everything_waits_for_the_next_run(status: int, run: Run) -> None:
    with scripted(Answer(status=status)) as api:
        assert requested_features(api, run, IDS) == 0
        assert len(api.paths) <= http.MAX_ATTEMPTS
    assert len(run.manifest.problems) == 1
    assert not run.manifest.facts


def test_an_id_that_reccobeats_refuses_is_found_and_not_requested_again_soon(run: Run) -> None:
    with scripted(Answer(status=400)) as api:
        assert requested_features(api, run, ["bad"]) == 0
    (mapping,) = run.manifest.facts["reccobeats_mapping"]
    assert (mapping["track_id"], mapping["reccobeats_id"]) == ("bad", None)
    assert mapping["retry_at"].startswith("2026-06-30")


def test_an_unreadable_track_stops_no_other_look_up(run: Run) -> None:
    with scripted(Answer(status=403), TRACK) as api:
        assert looked_up(api, run, IDS) == len(IDS)
    found = [each["is_found"] for each in run.manifest.facts["spotify_track_lookups"]]
    assert (found.count(False), found.count(True)) == (1, len(IDS) - 1)


def test_an_answer_that_is_not_a_track_is_requested_again(run: Run) -> None:
    with scripted(Answer('{"error": {"status": 200}}'), TRACK) as api:
        assert looked_up(api, run, ["a", "b"]) == 1
    assert len(run.manifest.facts["spotify_track_lookups"]) == len(run.manifest.problems) == 1


def test_look_ups_end_after_several_failures_in_a_row(run: Run) -> None:
    with scripted(Answer(status=503)) as api:
        assert looked_up(api, run, IDS) == 0
        assert len(api.paths) < len(IDS)
    assert not run.manifest.facts
