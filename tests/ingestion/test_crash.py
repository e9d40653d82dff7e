"""A run that is killed at any moment and repeated gives the same Bronze as one never killed."""

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

pytestmark = pytest.mark.whole

NOON = datetime(2026, 5, 31, 12, tzinfo=UTC)
PHASES = ("capture", "load", "finish")
PATIENCE_S = 120
MOST_KILLS = 100
EMPTY = {"spotify_track_lookups", "streaming_history_plays"}  # there is no export

# The key of a row; the newest version of a key counts.
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
# Columns that differ between runs.
RUN_COLUMNS = {"source_file", "captured_at", "run_id", "loaded_at"}
Content = dict[str, set[tuple[Any, ...]]]


@dataclass(frozen=True)
class Span:
    """A phase, or a part of one, in seconds since the first mark; `edge` marks come before it."""

    phase: str
    start: float
    end: float
    edge: int

    @property
    def seconds(self) -> float:
        return self.end - self.start


@dataclass
class Killed:
    """A kill: the phase that it hit, "" if none, and the seconds since the first mark."""

    phase: str
    after_s: float


@dataclass
class Life:
    """Days of capture and load in a home, repeated from the first one on in new homes."""

    live: World
    folder: Path
    until: datetime
    homes: int = 0
    settings: Settings = field(init=False)

    def begin(self) -> None:
        """Start again with a new home: nothing captured or loaded, all listeners signed in."""
        self.homes += 1
        home = self.folder / f"home{self.homes}"
        shutil.copytree(self.live.settings.home, home)
        self.settings = self.live.settings.model_copy(update={"home": home})
        self.live.simulator.set_clock(NOON)

    @property
    def marks(self) -> Path:
        return self.settings.home / "marks.txt"

    def start(self) -> ForkServerProcess:
        """Continue in a new process from the simulator's day."""
        self.marks.unlink(missing_ok=True)
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([days.__name__])
        process = context.Process(target=days.live, args=(self.settings, self.until, self.marks))
        process.start()
        return process

    def complete(self) -> None:
        """Continue until the last day is over."""
        process = self.start()
        process.join(PATIENCE_S)
        assert process.exitcode == 0

    def edges(self) -> list[tuple[int, str, str]]:
        """Read the marks so far."""
        lines = self.marks.read_text().splitlines() if self.marks.exists() else []
        return [(int(at), phase, edge) for at, phase, edge in map(str.split, lines)]

    def spans(self) -> list[Span]:
        """Read the phases and their times; of nested phases the inner one counts."""
        edges = self.edges()
        return [
            Span(_inner(edges[:number]), *((at - edges[0][0]) / 1e9 for at in ends), number)
            for number, ends in enumerate(pairwise(at for at, *_ in edges), 1)
        ]

    def kill_after(self, seconds: float) -> Killed:
        """Start, and kill the process some seconds after the first mark."""
        process = self.start()
        return self._kill(process, edge=1, seconds=seconds)

    def kill_in(self, span: Span, seconds: float) -> Killed:
        """Start, and kill the process some seconds after the beginning of a span."""
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
        """Read the rows of every table that count, without the columns of the run."""
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
        """Return the capture runs that Bronze lists, perhaps more than once."""
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
    """Open a world for `count_days` days; on the second one plays are lost.

    If Bronze is not new its tables exist, which saves a third of the time.
    """
    marathon = (date(2026, 6, 1),)
    with world(folder / "world", as_of=NOON, catalogue_size=500, marathons=marathon) as live:
        faults = live.simulator.faults
        faults.rate_wrong_items = faults.rate_null_items = 0.05
        if not is_new:
            live.load()
        yield Life(live, folder, NOON + timedelta(days=count_days - 1))


def _inner(edges: list[tuple[int, str, str]]) -> str:
    """Return the innermost phase after some marks; "" if none."""
    around = [""]
    for _, phase, edge in edges:
        if edge == "begin":
            around.append(phase)
        else:
            around.pop()
    return around[-1] if around[-1] in PHASES else ""


def _counting(table: str, columns: list[str], key: str) -> str:
    """Write the query for the rows of a table that count; positions in a file are ignored."""
    ignored = RUN_COLUMNS | ({"position"} if table == "quarantine" else set())
    kept = [name for name in columns if name not in ignored and not name.startswith("_dlt")]
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
            hits[hit_phase(life.kill_after(dice.uniform(0, spans[-1].end)))] += 1
            recovers(life, expected)
        for phase in PHASES:
            while hits[phase] < 5:
                assert hits.total() < MOST_KILLS
                life.begin()
                hits[killed_in(life, dice, spans, phase)] += 1
                recovers(life, expected)


def never_killed(life: Life) -> tuple[list[Span], Content]:
    """Run without a kill; return the phases, and what is in Bronze."""
    life.begin()
    life.complete()
    expected = life.bronze()
    assert {name for name, rows in expected.items() if not rows} == EMPTY
    return life.spans(), expected


def killed_in(life: Life, dice: random.Random, spans: list[Span], phase: str) -> str:
    """Kill at a random moment of a phase; return the phase that was hit, mostly the same."""
    own = [span for span in spans if span.phase == phase]
    (span,) = dice.choices(own, [span.seconds for span in own])
    return hit_phase(life.kill_in(span, dice.uniform(0, span.seconds)))


def seeded(seed: int) -> int:
    sys.stdout.write(f"seed {seed}\n")
    return seed


def hit_phase(killed: Killed) -> str:
    sys.stdout.write(f"killed in {killed.phase or 'no phase'} after {killed.after_s:.3f} s\n")
    return killed.phase


def recovers(life: Life, expected: Content) -> None:
    """Start again, and expect the same Bronze."""
    life.complete()
    found = life.bronze()
    assert {name for name in expected if found[name] != expected[name]} == set()
    assert life.loaded_runs() == life.finished_runs()
    shutil.rmtree(life.settings.home)
