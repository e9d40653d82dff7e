"""Load what capture landed and Bronze does not hold yet: from an empty Bronze, all of it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count

import pyarrow as pa

from ingestion.landing import Landing, Manifest
from ingestion.load import Bronze
from ingestion.reccobeats import parse as reccobeats
from ingestion.rows import Parser, parse_runs
from ingestion.spotify import parse as spotify
from ingestion.tables import CAPTURE_RUNS, RECCOBEATS, SPOTIFY, STREAMING_HISTORY

PAGES_PER_LOAD = 5_000  # so that a year of landing fits into memory


@dataclass(frozen=True)
class Source:
    """What the pages of one kind of capture run become, and the pipeline that loads them."""

    pipeline: str
    schemas: Mapping[str, pa.Schema]
    parse: Parser


SOURCES = {
    "spotify": Source("spotify", SPOTIFY, spotify.parse_page),
    "spotify_lookups": Source("spotify", SPOTIFY, spotify.parse_page),
    "reccobeats": Source("reccobeats", RECCOBEATS, reccobeats.parse_page),
}


# The pipelines whose tables come from landing alone.
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
    """Load the finished runs of a source that Bronze does not list; return rows by table.

    `progress` is told pages read and to read.
    """
    source = SOURCES[name]
    bronze.declare(source.pipeline, source.schemas)
    listed = f"select run_id from capture_runs where source = '{name}'"
    loaded = {run_id for (run_id,) in bronze.query(source.pipeline, listed)}
    counts: Counter[str] = Counter()
    waiting = landing.manifests(name, but=loaded)
    total, read = sum(len(each.pages) for each in waiting), count(1)

    def page_read() -> None:
        progress(next(read), total)

    for manifests in _batches(waiting):
        tables = parse_runs(name, manifests, landing, source.parse, source.schemas, page_read)
        counts.update(bronze.load(source.pipeline, source.schemas, tables))
    return counts


def count_runs(bronze: Bronze, pipeline: str) -> int:
    """Return how many capture runs Bronze lists."""
    bronze.declare(pipeline, LANDED[pipeline])
    return int(bronze.query(pipeline, "select count(*) from capture_runs")[0][0])


def empty(bronze: Bronze) -> None:
    """Remove all rows that come from landing, the ledger's first; the tables stay.

    So whatever a kill in the middle leaves is loaded again.
    """
    for pipeline in LANDED:
        _empty(bronze, pipeline, {"capture_runs": CAPTURE_RUNS})
    for pipeline, schemas in LANDED.items():
        _empty(bronze, pipeline, schemas)


def _empty(bronze: Bronze, pipeline: str, schemas: Mapping[str, pa.Schema]) -> None:
    nothing = {name: schema.empty_table() for name, schema in schemas.items()}
    bronze.load(pipeline, schemas, nothing, "replace")


def _batches(manifests: Iterable[Manifest]) -> Iterator[list[Manifest]]:
    batch: list[Manifest] = []
    for manifest in manifests:
        batch.append(manifest)
        if sum(len(each.pages) for each in batch) >= PAGES_PER_LOAD:
            yield batch
            batch = []
    if batch:
        yield batch
