"""What capture and load find in the simulated world, poll by poll."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.ingestion.worlds import readable, world

pytestmark = pytest.mark.whole

NOON = datetime(2026, 5, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize("shapes", ["new", "old", "recorded"])
def test_bronze_has_everything_that_the_polls_could_read(shapes: str, tmp_path: Path) -> None:
    with world(tmp_path, as_of=NOON, shapes=shapes) as live:
        for _ in range(3):
            live.capture()
            live.advance(hours=24)
        live.load()
        assert live.bronze() == live.readable
        assert live.lost() == set()


def test_removed_things_stay_in_bronze_though_the_api_returns_them_no_more(tmp_path: Path) -> None:
    with world(tmp_path, as_of=NOON) as live:
        for _ in range(3):
            live.capture()
            live.advance(hours=7 * 24)
        live.load()
        bronze, now = live.bronze(), readable(live.simulator)
        assert bronze.saved - now.saved
        assert bronze.items - now.items
        assert bronze.saved == live.readable.saved
        assert bronze.items == live.readable.items


def test_plays_lost_by_a_daily_poll_on_a_marathon_are_in_recorded_gaps(
    tmp_path: Path,
) -> None:
    with world(tmp_path, as_of=NOON, marathons=(date(2026, 6, 1),)) as live:
        for _ in range(3):
            live.capture()
            live.advance(hours=24)
        live.load()
        lost = live.lost()
        everybody = {listener.user_id for listener in live.simulator.listeners}
        assert {user_id for user_id, *_ in lost} == everybody
        assert live.bronze().plays == live.readable.plays
        gaps = live.rows("select user_id, gap_start, gap_end from spotify_capture_gaps")
        for user_id, played_at, _ in lost:
            assert any(user_id == who and start < played_at < end for who, start, end in gaps)


def test_invalid_items_are_quarantined_and_all_others_are_loaded(tmp_path: Path) -> None:
    with world(tmp_path, as_of=NOON) as live:
        live.simulator.faults.rate_wrong_items = 0.2
        live.poll()
        assert live.bronze() == live.readable
        counts = dict(live.rows("select data_type, count(*) from quarantine group by data_type"))
        wrong_plays = sum(
            true.is_reachable and true.is_wrong
            for listener in live.simulator.listeners
            for true in live.simulator.truth(listener.user_id)
        )
        assert counts["plays"] == wrong_plays > 0


def test_with_faults_of_every_kind_a_few_polls_find_everything_readable(tmp_path: Path) -> None:
    with world(tmp_path, as_of=NOON) as live:
        faults = live.simulator.faults
        faults.retry_after_s, faults.time_out_s = 0, 0.1
        faults.rate_429 = faults.rate_5xx = faults.rate_401 = faults.rate_time_outs = 0.05
        faults.rate_truncated_json = faults.rate_disconnects = 0.05
        for _ in range(3):
            live.capture()
        live.load()
        assert live.bronze().plays == live.readable.plays
        assert live.bronze().saved == live.readable.saved
