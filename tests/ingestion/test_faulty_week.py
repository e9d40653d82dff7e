"""A week with faults of every kind: no readable play is missing or duplicated."""

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tenacity import wait_none

from ingestion import http
from ingestion.errors import SourceError
from ingestion.landing import Landing
from ingestion.spotify.sections import SECTIONS
from simulator.api.faults import Faults
from tests.ingestion.worlds import World, readable, world

pytestmark = pytest.mark.whole

MIDNIGHT = datetime(2026, 6, 1, tzinfo=UTC)
MARATHON = date(2026, 6, 2)
TRANSIENT = ("429", "5xx", "401", "time_outs", "truncated_json", "disconnects")
ODD = ("null_items", "local_items", "episode_items", "wrong_items")
SHARE = 0.2

Plays = set[tuple[Any, ...]]

ITEMS_IN = "select sum(count_items) from capture_runs where source = 'spotify'"
ROWS_OUT = """
    select (select count(*) from spotify_profiles) + (select count(*) from spotify_plays)
        + (select count(*) from spotify_saved_tracks) + (select count(*) from spotify_playlists)
        + (select count(*) from spotify_playlist_items) + (select count(*) from spotify_top_items)
        + (select count(*) from spotify_followed_artists)
        + (select count(*) from quarantine where source = 'spotify')
"""
PLAY_KEYS = """
    select count(distinct (user_id, played_at, track_id, track_uri)),
        count(distinct (user_id, played_at, track_id, track_uri, track_name, artist_name,
            is_local, context_type, context_uri))
    from spotify_plays
"""


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retry without a delay, with short time-outs; the number of attempts is unchanged."""
    monkeypatch.setattr(http, "BACK_OFF", wait_none())
    monkeypatch.setattr(http, "TIMEOUT_SECONDS", 0.3)


@dataclass
class Week:
    """Polls of a world: the readable plays at each, and whether a listener's plays were read.

    `sure` has the readable plays of listeners whose plays were read, `possible` those of all
    listeners. The wrong plays are those with an invalid field. `failed` counts a listener's polls
    without plays.
    """

    live: World
    sure: Plays = field(default_factory=set)
    possible: Plays = field(default_factory=set)
    wrong_sure: Plays = field(default_factory=set)
    wrong_possible: Plays = field(default_factory=set)
    failed: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    runs: set[str] = field(default_factory=set)

    def poll(self) -> None:
        """Capture; errors are ignored, as the next poll comes later."""
        simulator = self.live.simulator
        with suppress(SourceError):
            self.live.capture()
        landing = Landing(self.live.settings.landing)
        runs = list(landing.manifests("spotify", exclude=self.runs))
        self.runs |= {run.run_id for run in runs}
        problems = [problem for run in runs for problem in run.problems]
        failed = {problem["user_id"] for problem in problems if may_be_of_plays(problem["reason"])}
        failed |= {each.user_id for each in simulator.listeners if self._is_revoked(each.user_id)}
        for user_id in failed:
            self.failed[user_id] += 1
        plays, wrong = readable(simulator).plays, self._wrong()
        self.possible |= plays
        self.wrong_possible |= wrong
        self.sure |= {play for play in plays if play[0] not in failed}
        self.wrong_sure |= {play for play in wrong if play[0] not in failed}

    @contextmanager
    def calm(self) -> Iterator[Faults]:
        """Switch all random faults of calls off during the context."""
        faults = self.live.simulator.faults
        rates = {kind: getattr(faults, f"rate_{kind}") for kind in TRANSIENT}
        for kind in TRANSIENT:
            setattr(faults, f"rate_{kind}", 0.0)
        yield faults
        for kind, rate in rates.items():
            setattr(faults, f"rate_{kind}", rate)

    def _is_revoked(self, user_id: str) -> bool:
        return user_id in self.live.simulator.faults.revoked

    def _wrong(self) -> Plays:
        return {
            (listener.user_id, true.play.played_at, true.play.track_id)
            for listener in self.live.simulator.listeners
            for true in self.live.simulator.truth(listener.user_id)
            if true.is_reachable and true.is_wrong
        }

    def run(self, days: int, polls_a_day: int) -> None:
        """Poll from the first midnight on; a consent is revoked and given again.

        The marathon is on the second day; on the last day the quota is used up at one poll.
        """
        simulator, revoked = self.live.simulator, self.live.simulator.listeners[0].user_id
        polls = days * polls_a_day
        for number in range(polls + 1):
            if number == polls // 4:
                simulator.faults.revoked.add(revoked)
            if number == polls // 4 + 1:
                with self.calm():
                    self.live.sign_in()
            if number == polls - 1:
                simulator.renew_quota()
                simulator.faults.quota_exceeded_calls = 3
            self.poll()
            simulator.faults.quota_exceeded_calls = None
            self.live.advance(hours=24 / polls_a_day)
        self.live.load()

    def quarantined(self) -> set[str]:
        """Return the quarantined plays as JSON, each once."""
        landing = Landing(self.live.settings.landing)
        found = self.live.rows(
            "select source_file, position from quarantine where data_type = 'plays' "
            "and reason != 'the page is not complete JSON'"
        )
        pages = {path: json.loads(landing.read(path))["items"] for path, _ in found}
        return {json.dumps(pages[path][position], sort_keys=True) for path, position in found}

    def broken(self) -> list[str]:
        """Return the landed files that are not JSON."""
        landing = Landing(self.live.settings.landing)
        pages = [page.path for run in landing.manifests("spotify") for page in run.pages]
        return sorted(path for path in pages if not _is_json(landing.read(path)))


@pytest.mark.parametrize(
    ("listeners", "days", "polls_a_day", "rate"),
    [
        pytest.param(1, 2, 4, SHARE / len(TRANSIENT), id="a fifth of the calls"),
        pytest.param(
            3, 7, 4, SHARE, marks=pytest.mark.soak, id="a fifth of the calls by each kind"
        ),
    ],
)
def test_after_a_faulty_week_bronze_has_all_readable_plays_and_gaps_for_the_rest(
    tmp_path: Path, listeners: int, days: int, polls_a_day: int, rate: float
) -> None:
    with world(tmp_path, as_of=MIDNIGHT, listeners=listeners, marathons=(MARATHON,)) as live:
        faults, week = live.simulator.faults, Week(live)
        faults.retry_after_s, faults.time_out_s = 0, 1
        for kind in ODD:
            setattr(faults, f"rate_{kind}", SHARE)
        week.poll()  # the first one is without faults: nothing can be missed before it
        for kind in TRANSIENT:
            setattr(faults, f"rate_{kind}", rate)
        week.run(days, polls_a_day)

        plays = live.bronze().plays
        lost = live.lost()
        assert week.sure <= plays <= week.possible
        assert lost
        gaps = live.rows("select user_id, gap_start, gap_end from spotify_capture_gaps")
        for user_id, played_at, _ in lost | (week.possible - plays):
            assert any(user_id == who and start < played_at < end for who, start, end in gaps)
        keys, versions = live.rows(PLAY_KEYS)[0]
        assert keys == versions == len(plays)

        assert week.failed[live.simulator.listeners[0].user_id] >= 2
        quarantined = week.quarantined()
        # Two plays of one track without their time are equal, and count as one.
        at_least = {(user_id, track_id) for user_id, _, track_id in week.wrong_sure}
        assert 0 < len(at_least) <= len(quarantined) <= len(week.wrong_possible)
        broken = live.rows(
            "select source_file from quarantine where reason = 'the page is not complete JSON' "
            "and source = 'spotify' order by source_file"
        )
        assert [path for (path,) in broken] == week.broken() != []
        assert live.rows(ITEMS_IN) == live.rows(ROWS_OUT)


def may_be_of_plays(reason: str) -> bool:
    """Whether a problem of a run may concern a listener's plays."""
    return not any(reason.startswith(f"{name}: ") for name in SECTIONS if name != "plays")


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True
