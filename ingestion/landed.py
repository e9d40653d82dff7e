"""Load the landed capture runs that Bronze does not list yet; into an empty Bronze, all."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pyarrow as pa
from dlt.common.destination.exceptions import DestinationUndefinedEntity

from ingestion.landing import Landing, Manifest
from ingestion.load import Bronze
from ingestion.reccobeats import parse as reccobeats
from ingestion.rows import Parser, parse_runs
from ingestion.spotify import parse as spotify
from ingestion.tables import RECCOBEATS, SPOTIFY, STREAMING_HISTORY

LONGEST_CAPTURE = timedelta(days=2)
SHARED = ("capture_runs", "quarantine")
PAGES_PER_LOAD = 5_000  # keeps memory bounded when a year of landing is loaded


@dataclass(frozen=True)
class Source:
    """The parser and tables of one kind of capture run, and the pipeline that loads them."""

    pipeline: str
    schemas: Mapping[str, pa.Schema]
    parse: Parser


SOURCES = {
    "spotify": Source("spotify", SPOTIFY, spotify.parse_page),
    "spotify_lookups": Source("spotify", SPOTIFY, spotify.parse_page),
    "reccobeats": Source("reccobeats", RECCOBEATS, reccobeats.parse_page),
}


# The pipelines whose tables come only from landing.
LANDED = {
    "spotify": SPOTIFY,
    "reccobeats": RECCOBEATS,
    "streaming_history": STREAMING_HISTORY,
}


def load_landed(
    bronze: Bronze,
    landing: Landing,
    name: str,
    progress: Callable[[float, float], None] = lambda *_: None,
) -> Counter[str]:
    """Load the finished capture runs of a source that Bronze does not list yet.

    Args:
        bronze: Loads the rows; missing tables are created.
        landing: Holds the runs and their pages.
        name: A key of `SOURCES`: `spotify`, `spotify_lookups` or `reccobeats`.
        progress: Called with the number of pages read and the number to read.

    Returns:
        The number of loaded rows by table.

    Raises:
        SourceError: Bronze cannot be read or written.
    """
    source = SOURCES[name]
    waiting = list(not_loaded(bronze, landing, source.pipeline, name))
    if not waiting:
        bronze.declare(source.pipeline, source.schemas)
    counts: Counter[str] = Counter()
    total, read = sum(len(each.pages) for each in waiting), count(1)

    def page_read() -> None:
        progress(next(read), total)

    for manifests in _batches(waiting):
        tables = parse_runs(name, manifests, landing, source.parse, source.schemas, page_read)
        counts.update(bronze.load(source.pipeline, source.schemas, tables))
    return counts


def not_loaded(bronze: Bronze, landing: Landing, pipeline: str, name: str) -> Iterator[Manifest]:
    """Yield the finished runs of a source that Bronze does not list, oldest first.

    Looks only at days from LONGEST_CAPTURE before the newest listed run: no capture takes longer.
    """
    newest_of = f"select max(run_id) from capture_runs where source = '{name}'"
    try:
        ((newest,),) = bronze.query(pipeline, newest_of)
    except DestinationUndefinedEntity:  # before the first load
        newest = None
    if newest is None:
        return landing.manifests(name)
    since = f"{datetime.strptime(newest[:8], '%Y%m%d') - LONGEST_CAPTURE:%Y%m%d}"
    listed = bronze.query(
        pipeline,
        f"select run_id from capture_runs where source = '{name}' and run_id >= '{since}'",
    )
    return landing.manifests(name, exclude={run_id for (run_id,) in listed}, since=since)


def count_runs(bronze: Bronze) -> int:
    """Return how many capture runs Bronze lists; raises SourceError if it cannot be read."""
    bronze.declare("spotify", SPOTIFY)
    return int(bronze.query("spotify", "select count(distinct run_id) from capture_runs")[0][0])


def empty(bronze: Bronze) -> None:
    """Remove all rows that come from landing; the tables stay.

    A kill in the middle leaves a mark file, and `finish_emptying` completes the removal.

    Args:
        bronze: Holds the tables.

    Raises:
        SourceError: Bronze cannot be written.
    """
    for pipeline in LANDED:
        bronze.pipeline(pipeline)  # loads pending packages, which would add rows later
    _mark(bronze).touch()
    for pipeline, schemas in LANDED.items():
        # All pipelines share the ledger and the quarantine.
        own = {
            name: schemas[name] for name in schemas if name not in SHARED or pipeline == "spotify"
        }
        nothing = {name: schema.empty_table() for name, schema in own.items()}
        bronze.load(pipeline, own, nothing, "replace")
    _mark(bronze).unlink()


def finish_emptying(bronze: Bronze) -> None:
    """Complete an `empty` that was interrupted; raises SourceError if Bronze cannot be written."""
    if _mark(bronze).exists():
        empty(bronze)


def _mark(bronze: Bronze) -> Path:
    return bronze.pipelines_dir.parent / "emptying"


def _batches(manifests: Iterable[Manifest]) -> Iterator[list[Manifest]]:
    batch: list[Manifest] = []
    for manifest in manifests:
        batch.append(manifest)
        if sum(len(each.pages) for each in batch) >= PAGES_PER_LOAD:
            yield batch
            batch = []
    if batch:
        yield batch
