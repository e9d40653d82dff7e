"""Capture and load against the simulator, over HTTP, into a real Bronze."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingestion.reccobeats.wanted import wanted_track_ids
from oauth.tokens import TokenState
from simulator import Simulator, SimulatorConfig
from sonic.job import demo, stages
from sonic.job.context import Job
from sonic.settings import Settings

pytestmark = pytest.mark.whole

NOON = datetime(2026, 5, 31, 12, tzinfo=UTC)
PLAYS = "select distinct user_id, played_at, track_id from spotify_plays"


@pytest.fixture
def simulator() -> Simulator:
    return Simulator(SimulatorConfig(listeners=2, catalogue_size=2_000, as_of=NOON))


def job_at(simulator: Simulator, home: Path) -> Job:
    settings = demo.pointed_at(Settings(_env_file=None, home=home), simulator)
    job = Job.open(settings, simulator.clock, lambda: simulator.clock)
    demo.sign_in_all(job, simulator)
    return job


def capture_and_load(job: Job) -> None:
    stages.capture_spotify(job, lambda *_: None)
    stages.load(job, lambda *_: None)


def reachable(simulator: Simulator) -> set[tuple[str, datetime, str | None]]:
    return {
        (listener.user_id, each.play.played_at, each.play.track_id)
        for listener in simulator.listeners
        for each in simulator.truth(listener.user_id)
        if each.is_reachable
    }


def test_bronze_holds_every_play_that_was_reachable_day_by_day(
    simulator: Simulator, tmp_path: Path
) -> None:
    expected: set[tuple[str, datetime, str | None]] = set()
    with simulator:
        for _ in range(3):
            job = job_at(simulator, tmp_path)
            capture_and_load(job)
            expected |= reachable(simulator)
            simulator.set_clock(simulator.clock + timedelta(days=1))
    assert set(job.bronze.query("spotify", PLAYS)) == expected


def test_a_second_run_needs_few_calls_and_loads_nothing_twice(
    simulator: Simulator, tmp_path: Path
) -> None:
    with simulator:
        job = job_at(simulator, tmp_path)
        capture_and_load(job)
        items = job.bronze.query("spotify", "select count(*) from spotify_playlist_items")
        before = {user: sum(counts.values()) for user, counts in simulator.calls.items() if user}
        capture_and_load(job)
        after = {user: sum(counts.values()) for user, counts in simulator.calls.items() if user}
    assert job.bronze.query("spotify", "select count(*) from spotify_playlist_items") == items
    assert all(after[user] - before[user] <= 12 for user in before)
    runs = job.bronze.query("spotify", "select count(*), count(distinct run_id) from capture_runs")
    assert runs == [(2, 2)]


def test_a_revoked_listener_is_marked_and_the_other_one_continues(
    simulator: Simulator, tmp_path: Path
) -> None:
    with simulator:
        job = job_at(simulator, tmp_path)
        revoked, other = (listener.user_id for listener in simulator.listeners)
        simulator.faults.revoked.add(revoked)
        capture_and_load(job)
    assert job.store.get(revoked).state is TokenState.SIGN_IN_AGAIN
    assert job.bronze.query("spotify", "select distinct user_id from spotify_plays") == [(other,)]


def test_a_sign_in_during_a_run_is_not_undone_by_it(simulator: Simulator, tmp_path: Path) -> None:
    with simulator:
        job = job_at(simulator, tmp_path)
        user_id = simulator.listeners[0].user_id
        former = job.store.get(user_id)
        job.store.save(replace(former, refresh_token="of the new consent"))
        stages._mark_dead(job, former)
        assert job.store.get(user_id).state is TokenState.ACTIVE
        stages._mark_dead(job, job.store.get(user_id))
        assert job.store.get(user_id).state is TokenState.SIGN_IN_AGAIN


def test_a_replay_that_is_killed_is_completed_by_the_next_load(
    simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Killed

    count = "select count(*) from spotify_artists"
    with simulator:
        job = job_at(simulator, tmp_path)
        capture_and_load(job)
        before = job.bronze.query("spotify", count)
        for moment in ("extract", "load"):
            with monkeypatch.context() as patch:
                patch.setattr(f"dlt.Pipeline.{moment}", die)
                with pytest.raises(Killed):
                    stages.replay(job, lambda *_: None, replace=True)
            stages.load(job, lambda *_: None)
            assert job.bronze.query("spotify", count) == before
        runs = "select count(*), count(distinct run_id) from capture_runs"
        assert job.bronze.query("spotify", runs) == [(2, 2)]


def test_pending_packages_of_an_interrupted_load_are_loaded_first_and_once(
    simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Killed

    with simulator:
        job = job_at(simulator, tmp_path)
        capture_and_load(job)
        simulator.set_clock(simulator.clock + timedelta(days=1))
        stages.capture_spotify(job, lambda *_: None)
        with monkeypatch.context() as patch:
            patch.setattr("dlt.Pipeline.load", die)
            with pytest.raises(Killed):
                stages.load(job, lambda *_: None)
        stages.load(job, lambda *_: None)
    assert job.bronze.query(
        "spotify", "select count(*), count(distinct run_id) from capture_runs"
    ) == [(4, 4)]


@pytest.mark.parametrize("fault", ["rate_429", "rate_5xx", "rate_truncated_json"])
def test_temporary_faults_lose_nothing(fault: str, simulator: Simulator, tmp_path: Path) -> None:
    with simulator:
        job = job_at(simulator, tmp_path)
        assert hasattr(simulator.faults, fault)
        setattr(simulator.faults, fault, 0.1)
        capture_and_load(job)
    assert set(job.bronze.query("spotify", PLAYS)) == reachable(simulator)


def test_a_used_up_quota_stops_cleanly_and_the_next_run_continues(
    simulator: Simulator, tmp_path: Path
) -> None:
    with simulator:
        job = job_at(simulator, tmp_path)
        simulator.faults.quota_exceeded = True
        capture_and_load(job)
        assert job.bronze.query("spotify", PLAYS) == []
        simulator.faults.quota_exceeded = False
        capture_and_load(job)
    assert set(job.bronze.query("spotify", PLAYS)) == reachable(simulator)


def test_reccobeats_gets_one_request_per_track_until_unknown_ones_are_due(
    simulator: Simulator, tmp_path: Path
) -> None:
    mapped = "select count(*), count(reccobeats_id) from reccobeats_mapping"
    with simulator:
        job = job_at(simulator, tmp_path)
        capture_and_load(job)
        for _ in range(2):
            stages.capture_reccobeats(job, lambda *_: None)
            stages.load(job, lambda *_: None)
        ((requested, found),) = job.bronze.query("reccobeats", mapped)
        assert wanted_track_ids(job.bronze, NOON) == []
        due = wanted_track_ids(job.bronze, NOON + timedelta(days=30))
    assert 0 < found < requested
    assert len(due) == requested - found
