"""Load landed histories into Bronze: each play once, however often it was imported."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from dlt.common.destination.exceptions import DestinationUndefinedEntity

from ingestion.landed import not_loaded
from ingestion.landing import LandedPage, Landing, Manifest
from ingestion.load import Bronze
from ingestion.rows import Rows
from ingestion.streaming_history import SOURCE, plays
from ingestion.streaming_history.files import Kind
from ingestion.streaming_history.plays import TABLE
from ingestion.streaming_history.reading import BATCH_ROWS, MEMORY
from ingestion.tables import STREAMING_HISTORY


@dataclass(frozen=True)
class LandedFile:
    """A landed history, its number among all files of this load, and that of its import."""

    number: int
    import_number: int
    page: LandedPage

    @property
    def user_id(self) -> str:
        """Return the listener of the history."""
        assert self.page.user_id is not None, "histories are landed for a listener"
        return self.page.user_id


@dataclass
class LoadedFile:
    """The outcome of one landed file: items kept as plays, and items skipped by reason.

    `first_at` and `last_at` are the ends of the first and the last kept play, in UTC.
    """

    kept: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    count_episodes: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None


class Workbench:
    """A DuckDB in memory that runs the SQL of `plays` over landed histories, file by file.

    Data that does not fit into memory goes to the folder `spill`, which DuckDB creates.
    """

    def __init__(self, landing: Landing, spill: Path) -> None:
        self._landing = landing
        self.connection = duckdb.connect(config={"memory_limit": MEMORY})
        self.connection.execute("set TimeZone = 'UTC'")
        self.connection.execute(f"set temp_directory = '{spill}'")

    def close(self) -> None:
        """Close the database; it is gone."""
        self.connection.close()

    def execute(self, file: LandedFile, sql: str) -> duckdb.DuckDBPyConnection:
        """Run a statement over the items of one file."""
        landed = pq.ParquetFile(pa.BufferReader(self._landing.read(file.page.path)))
        batches = landed.iter_batches(BATCH_ROWS)
        self.connection.register(
            "items", pa.RecordBatchReader.from_batches(landed.schema_arrow, batches)
        )
        kind = Kind(file.page.context["kind"])
        values = {
            "number": file.number,
            "import_number": file.import_number,
            "user_id": file.user_id,
            "kind": kind.value,
            "family": kind.family,
        }
        return self.connection.execute(sql, values)

    def rows(self, file: LandedFile, sql: str, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Yield the rows of a query in batches of a Bronze table, with the columns of origin."""
        origin: dict[str, Any] = {
            "source_file": file.page.path,
            "captured_at": file.page.instant,
        }
        for batch in self.execute(file, sql).to_arrow_reader(BATCH_ROWS):
            columns = {
                name: pa.repeat(pa.scalar(origin[name], kind), len(batch))
                if name in origin
                else batch[name]
                for name, kind in zip(schema.names, schema.types, strict=True)
            }
            yield pa.RecordBatch.from_pydict(columns, schema=schema)


def load_history(bronze: Bronze, landing: Landing) -> dict[str, LoadedFile]:
    """Load the finished imports that Bronze does not list yet.

    Two items are the same play if listener, family of kinds, end, `ms_played` and URI are equal;
    without a URI, the names. The first one is kept. Invalid items go to `quarantine`.

    Args:
        bronze: Gets the plays; missing tables are created.
        landing: Holds the imports.

    Returns:
        The outcome of each file, by its path in landing.

    Raises:
        SourceError: Bronze cannot be read or written.
    """
    manifests = list(not_loaded(bronze, landing, SOURCE, SOURCE))
    if not manifests:
        bronze.declare(SOURCE, STREAMING_HISTORY)
        return {}
    files = list(_files(manifests))
    known = {user_id: _known(bronze, user_id) for user_id in {file.user_id for file in files}}
    outcomes = {file.page.path: LoadedFile() for file in files}
    spill = bronze.pipelines_dir.parent / "spill"
    runs = _runs(manifests)
    data = {
        TABLE: kept_plays(landing, files, known, outcomes, spill),
        "quarantine": _quarantine(landing, files, runs["quarantine"], spill),
        "capture_runs": runs["capture_runs"],
    }
    bronze.load(SOURCE, STREAMING_HISTORY, data)
    return outcomes


def kept_plays(
    landing: Landing,
    files: list[LandedFile],
    known: Mapping[str, pa.Table],
    outcomes: Mapping[str, LoadedFile],
    spill: Path,
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of new plays, listener by listener, and fill in `outcomes` by path.

    `known` holds the play_ids in Bronze by listener. Of duplicate plays the first one is kept.
    """
    owner = attrgetter("user_id")
    for user_id, group in groupby(sorted(files, key=owner), owner):
        own = list(group)
        with closing(Workbench(landing, spill)) as bench:
            bench.connection.register("known", known[user_id])
            for file in own:
                into = "insert into read" if file is not own[0] else "create temp table read as"
                bench.execute(file, into + plays.READ)
            bench.connection.execute(plays.DECIDE)
            for file in own:
                _fill_in(outcomes[file.page.path], bench, file)
                yield from bench.rows(file, plays.KEPT, STREAMING_HISTORY[TABLE])


def _files(manifests: list[Manifest]) -> Iterator[LandedFile]:
    pages = (
        (import_number, page)
        for import_number, manifest in enumerate(manifests)
        for page in manifest.pages
        if page.data_type == SOURCE
    )
    for number, (import_number, page) in enumerate(pages):
        yield LandedFile(number, import_number, page)


def _known(bronze: Bronze, user_id: str) -> pa.Table:
    owner = user_id.replace("'", "''")
    try:
        return bronze.read(SOURCE, f"select play_id from {TABLE} where user_id = '{owner}'")
    except DestinationUndefinedEntity:  # before the first load
        return pa.table({"play_id": pa.array([], pa.string())})


def _fill_in(outcome: LoadedFile, bench: Workbench, file: LandedFile) -> None:
    groups = bench.connection.execute(plays.COUNT, {"number": file.number}).fetchall()
    for reason, count, episodes, first_at, last_at in groups:
        if reason:
            outcome.skipped[reason] += count
        else:
            outcome.kept, outcome.count_episodes = count, episodes
            outcome.first_at, outcome.last_at = first_at, last_at


def _quarantine(
    landing: Landing, files: list[LandedFile], broken_files: pa.Table, spill: Path
) -> Iterator[pa.RecordBatch | pa.Table]:
    with closing(Workbench(landing, spill)) as bench:
        for file in files:
            yield from bench.rows(file, plays.QUARANTINED, STREAMING_HISTORY["quarantine"])
    yield broken_files


def _runs(manifests: list[Manifest]) -> dict[str, pa.Table]:
    """Return the rows of the imports themselves: their runs, and their broken files."""
    rows = Rows(SOURCE, {name: STREAMING_HISTORY[name] for name in ("quarantine", "capture_runs")})
    for manifest in manifests:
        items = sum(page.context.get("count_items", 0) for page in manifest.pages)
        rows.add_run(manifest, items + len(manifest.problems))
        for problem in manifest.problems:
            rows.add(
                "quarantine",
                source=SOURCE,
                data_type=SOURCE,
                user_id=problem["user_id"],
                reason=f"the file cannot be read: {problem['reason']}",
                position=0,
                item=problem["file"],
            )
    return rows.tables()
