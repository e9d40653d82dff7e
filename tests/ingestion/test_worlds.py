"""What capture and load find in the simulated world, poll by poll."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.ingestion.worlds import told, world

NOON = datetime(2026, 5, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize("shapes", ["new", "old", "recorded"])
def test_bronze_holds_all_that_the_polls_could_read(shapes: str, tmp_path: Path) -> None:
    with world(tmp_path, as_of=NOON, shapes=shapes) as live:
        for _ in range(3):
            live.capture()
            live.advance(hours=24)
        live.load()
        assert live.bronze() == live.told
        assert live.lost() == set()


def test_what_was_given_up_stays_in_bronze_and_is_told_no_more(tmp_path: Path) -> None:
    with world(tmp_path, as_of=NOON) as live:
        for _ in range(3):
            live.capture()
            live.advance(hours=7 * 24)
        live.load()
        bronze, now = live.bronze(), told(live.simulator)
        assert bronze.saved - now.saved
        assert bronze.items - now.items
        assert bronze.saved == live.told.saved
        assert bronze.items == live.told.items


def test_on_a_marathon_a_daily_poll_loses_plays_which_lie_in_the_gaps_that_it_records(
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
        assert live.bronze().plays == live.told.plays
        gaps = live.rows("select user_id, gap_start, gap_end from spotify_capture_gaps")
        for user_id, played_at, _ in lost:
            assert any(user_id == who and start < played_at < end for who, start, end in gaps)


def test_wrong_items_are_set_aside_and_all_others_are_loaded(tmp_path: Path) -> None:
    with world(tmp_path, as_of=NOON) as live:
        live.simulator.faults.rate_wrong_items = 0.2
        live.poll()
        assert live.bronze() == live.told
        aside = dict(live.rows("select data_type, count(*) from quarantine group by data_type"))
        wrong_plays = sum(
            true.is_reachable and true.is_wrong
            for listener in live.simulator.listeners
            for true in live.simulator.truth(listener.user_id)
        )
        assert aside["plays"] == wrong_plays > 0


def test_with_faults_of_every_kind_a_few_polls_find_all_that_could_be_read(tmp_path: Path) -> None:
    with world(tmp_path, as_of=NOON) as live:
        faults = live.simulator.faults
        faults.retry_after_s, faults.time_out_s = 0, 0.1
        faults.rate_429 = faults.rate_5xx = faults.rate_401 = faults.rate_time_outs = 0.05
        faults.rate_truncated_json = faults.rate_disconnects = 0.05
        for _ in range(3):
            live.capture()
        live.load()
        assert live.bronze().plays == live.told.plays
        assert live.bronze().saved == live.told.saved
