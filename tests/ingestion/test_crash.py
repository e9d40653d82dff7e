"""A run that is killed at any moment and started again ends with the Bronze of one never killed."""

import multiprocessing
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingestion.landing import Landing
from sonic.settings import Settings
from tests.ingestion import days
from tests.ingestion.worlds import World, world

NOON = datetime(2026, 5, 31, 12, tzinfo=UTC)
PHASES = ("capture", "load", "finish")
PATIENCE_S = 120
MOST_KILLS = 100
EMPTY = {"spotify_track_lookups", "streaming_history_plays"}  # nothing of an export is there

# What a row is told apart by; of its versions the newest counts.
KEYS = {
    "spotify_profiles": "user_id",
    "spotify_plays": "user_id, played_at, track_id, track_uri",
    "spotify_saved_tracks": "user_id, track_id",
    "spotify_playlists": "user_id, playlist_id",
    "spotify_playlist_items": "user_id, playlist_id, snapshot_id, position",
    "spotify_top_items": "user_id, kind, term, rank, captured_at",
    "spotify_followed_artists": "user_id, artist_id",
    "spotify_full_passes": "user_id, data_type, playlist_id, started_at",
    "spotify_capture_gaps": "user_id, gap_end",
    "spotify_track_lookups": "track_id",
    "spotify_tracks": "track_id",
    "spotify_track_artists": "track_id, position",
    "spotify_albums": "album_id",
    "spotify_artists": "artist_id",
    "reccobeats_mapping": "track_id",
    "reccobeats_audio_features": "track_id",
    "streaming_history_plays": "play_id",
    "quarantine": "source, data_type, user_id, reason, item",
    "sonic_listeners": "user_id",
    "sonic_time_zone_offsets": "time_zone, valid_from",
    "sonic_run_clock": "as_of",
}
# Which run a row comes from, when that was, and when it was loaded.
OF_THE_RUN = {"source_file", "captured_at", "run_id", "loaded_at"}
Content = dict[str, set[tuple[Any, ...]]]


@dataclass(frozen=True)
class Span:
    """A phase, or a part of one, in seconds since the days began, after `edge` marks."""

    phase: str
    start: float
    end: float
    edge: int

    @property
    def seconds(self) -> float:
        return self.end - self.start


@dataclass
class Killed:
    """What came of a kill: in which phase it struck, "" if in none, and after how many seconds."""

    phase: str
    after_s: float


@dataclass
class Life:
    """Days that are lived in a home, again and again from the first one on."""

    live: World
    folder: Path
    until: datetime
    homes: int = 0
    settings: Settings = field(init=False)

    def begin(self) -> None:
        """Start anew: nothing captured, nothing loaded, the tokens of everybody there."""
        self.homes += 1
        home = self.folder / f"home{self.homes}"
        shutil.copytree(self.live.settings.home, home)
        self.settings = self.live.settings.model_copy(update={"home": home})
        self.live.simulator.set_clock(NOON)

    @property
    def marks(self) -> Path:
        return self.settings.home / "marks.txt"

    def start(self) -> ForkServerProcess:
        """Live on in a new process from the simulator's day."""
        self.marks.unlink(missing_ok=True)
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([days.__name__])
        process = context.Process(target=days.live, args=(self.settings, self.until, self.marks))
        process.start()
        return process

    def live_on(self) -> None:
        """Live until the last day is over."""
        process = self.start()
        process.join(PATIENCE_S)
        assert process.exitcode == 0

    def edges(self) -> list[tuple[int, str, str]]:
        """Read the marks so far."""
        lines = self.marks.read_text().splitlines() if self.marks.exists() else []
        return [(int(at), phase, edge) for at, phase, edge in map(str.split, lines)]

    def spans(self) -> list[Span]:
        """Read what was done when; of phases within each other the inner one counts."""
        edges = self.edges()
        return [
            Span(_inner(edges[:number]), *((at - edges[0][0]) / 1e9 for at in ends), number)
            for number, ends in enumerate(pairwise(at for at, *_ in edges), 1)
        ]

    def kill_after(self, seconds: float) -> Killed:
        """Live, and kill so many seconds after the days have begun."""
        process = self.start()
        return self._kill(process, edge=1, seconds=seconds)

    def kill_in(self, span: Span, seconds: float) -> Killed:
        """Live, and kill so many seconds after a span has begun."""
        return self._kill(self.start(), span.edge, seconds)

    def _kill(self, process: ForkServerProcess, edge: int, seconds: float) -> Killed:
        deadline = time.monotonic() + PATIENCE_S
        while process.is_alive() and len(self.edges()) < edge:
            assert time.monotonic() < deadline
            time.sleep(0.0005)
        edges = self.edges()
        time.sleep(max(0.0, edges[-1][0] / 1e9 + seconds - time.monotonic()))
        process.kill()
        process.join()
        after = time.monotonic() - edges[0][0] / 1e9
        return Killed(_inner(self.edges()), after)

    def bronze(self) -> Content:
        """Read every table: what counts of it, without what speaks of the run alone."""
        with duckdb.connect(str(self.settings.warehouse), read_only=True) as warehouse:
            found = warehouse.execute(
                "select table_name, list(column_name order by column_index) "
                "from duckdb_columns() where schema_name = 'bronze' group by table_name"
            ).fetchall()
            columns = {name: names for name, names in found if not name.startswith("_dlt")}
            assert set(columns) == {*KEYS, "capture_runs"}
            return {
                name: set(warehouse.execute(_counting(name, columns[name], key)).fetchall())
                for name, key in KEYS.items()
            }

    def loaded_runs(self) -> set[str]:
        """Return the capture runs that Bronze lists; one whose load was interrupted maybe twice."""
        with duckdb.connect(str(self.settings.warehouse), read_only=True) as warehouse:
            found = warehouse.execute("select run_id from bronze.capture_runs").fetchall()
        return {run_id for (run_id,) in found}

    def finished_runs(self) -> set[str]:
        """Return the capture runs that have a manifest in landing."""
        landing = Landing(self.settings.landing)
        sources = ("spotify", "spotify_lookups", "reccobeats")
        return {each.run_id for name in sources for each in landing.manifests(name)}


@contextmanager
def lives(folder: Path, count_days: int, *, is_new: bool) -> Iterator[Life]:
    """Open a world in which so many days can be lived; on the second one plays are lost.

    Where Bronze is not new its tables are there, which spares a third of the time.
    """
    marathon = (date(2026, 6, 1),)
    with world(folder / "world", as_of=NOON, catalogue_size=500, marathons=marathon) as live:
        faults = live.simulator.faults
        faults.rate_wrong_items = faults.rate_null_items = 0.05
        if not is_new:
            live.load()
        yield Life(live, folder, NOON + timedelta(days=count_days - 1))


def _inner(edges: list[tuple[int, str, str]]) -> str:
    """Return the innermost phase after some marks; "" in none."""
    around = [""]
    for _, phase, edge in edges:
        if edge == "begin":
            around.append(phase)
        else:
            around.pop()
    return around[-1] if around[-1] in PHASES else ""


def _counting(table: str, columns: list[str], key: str) -> str:
    """Write the query of what counts of a table; a position in a file says nothing of its own."""
    of_the_run = OF_THE_RUN | ({"position"} if table == "quarantine" else set())
    kept = [name for name in columns if name not in of_the_run and not name.startswith("_dlt")]
    return (
        f"select distinct {', '.join(kept)} from bronze.{table} "
        f"qualify captured_at = max(captured_at) over (partition by {key})"
    )


def test_bronze_of_a_run_killed_in_each_phase_is_that_of_one_never_killed(tmp_path: Path) -> None:
    dice = random.Random(seeded(1))
    with lives(tmp_path, count_days=2, is_new=False) as life:
        spans, expected = never_killed(life)
        life.begin()
        for phase in PHASES:
            kills = (killed_in(life, dice, spans[: len(spans) // 2], phase) for _ in range(20))
            assert phase in kills
        recovers(life, expected)


@pytest.mark.soak
def test_bronze_of_a_run_killed_at_thirty_moments_is_that_of_one_never_killed(
    tmp_path: Path,
) -> None:
    dice = random.Random(seeded(random.randrange(2**32)))
    hits: Counter[str] = Counter()
    with lives(tmp_path, count_days=3, is_new=True) as life:
        spans, expected = never_killed(life)
        for _ in range(30):
            life.begin()
            hits[struck(life.kill_after(dice.uniform(0, spans[-1].end)))] += 1
            recovers(life, expected)
        for phase in PHASES:
            while hits[phase] < 5:
                assert hits.total() < MOST_KILLS
                life.begin()
                hits[killed_in(life, dice, spans, phase)] += 1
                recovers(life, expected)


def never_killed(life: Life) -> tuple[list[Span], Content]:
    """Live undisturbed; return when what was done, and what is in Bronze."""
    life.begin()
    life.live_on()
    expected = life.bronze()
    assert {name for name, rows in expected.items() if not rows} == EMPTY
    return life.spans(), expected


def killed_in(life: Life, dice: random.Random, spans: list[Span], phase: str) -> str:
    """Kill at a moment of a phase, as far as the days go as they went; return what was struck."""
    own = [span for span in spans if span.phase == phase]
    (span,) = dice.choices(own, [span.seconds for span in own])
    return struck(life.kill_in(span, dice.uniform(0, span.seconds)))


def seeded(seed: int) -> int:
    sys.stdout.write(f"seed {seed}\n")
    return seed


def struck(killed: Killed) -> str:
    sys.stdout.write(f"killed in {killed.phase or 'no phase'} after {killed.after_s:.3f} s\n")
    return killed.phase


def recovers(life: Life, expected: Content) -> None:
    """Start again, and find the same."""
    life.live_on()
    found = life.bronze()
    assert {name for name in expected if found[name] != expected[name]} == set()
    assert life.loaded_runs() == life.finished_runs()
    shutil.rmtree(life.settings.home)
