"""Load landed histories into Bronze: each play once, whatever was imported how often."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from ingestion.landing import Landing, Manifest
from ingestion.load import Bronze
from ingestion.rows import MAX_ITEM_CHARACTERS
from ingestion.streaming_history import SOURCE
from ingestion.streaming_history.kept import TABLE, LoadedFile, kept_plays
from ingestion.streaming_history.workbench import LandedFile, Workbench
from ingestion.tables import STREAMING_HISTORY

_SET_ASIDE = f"""
    select
        '{SOURCE}' as source, '{SOURCE}' as data_type, $user_id as user_id, reason, position,
        left(item, {MAX_ITEM_CHARACTERS}) as item
    from {{plays}}
    where reason is not null
"""


def load_history(bronze: Bronze, landing: Landing) -> dict[str, LoadedFile]:
    """Load the finished imports that Bronze does not list yet; return each file's outcome by path.

    Plays are the same when listener, family of kinds, end, address (names, where there is none)
    and ms_played are equal: the first one is kept. What is no play goes to `quarantine`.
    """
    manifests = _not_loaded(bronze, landing)
    if not manifests:
        return {}
    files = list(_files(manifests))
    known = {user_id: _known(bronze, user_id) for user_id in {file.user_id for file in files}}
    outcomes = {file.page.path: LoadedFile() for file in files}
    spill = bronze.pipelines_dir.parent / "spill"
    data = {
        TABLE: kept_plays(landing, files, known, outcomes, spill),
        "quarantine": _quarantine(landing, manifests, files, spill),
        "capture_runs": _capture_runs(manifests),
    }
    bronze.load(SOURCE, STREAMING_HISTORY, data)
    return outcomes


def _not_loaded(bronze: Bronze, landing: Landing) -> list[Manifest]:
    bronze.declare(SOURCE, STREAMING_HISTORY)
    loaded = bronze.query(SOURCE, f"select run_id from capture_runs where source = '{SOURCE}'")
    return landing.manifests(SOURCE, but={run_id for (run_id,) in loaded})


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
    return bronze.read(SOURCE, f"select play_id from {TABLE} where user_id = '{owner}'")


def _quarantine(
    landing: Landing, manifests: list[Manifest], files: list[LandedFile], spill: Path
) -> Iterator[pa.RecordBatch | pa.Table]:
    schema = STREAMING_HISTORY["quarantine"]
    with Workbench(landing, spill) as bench:
        for file in files:
            yield from bench.rows(file, _SET_ASIDE, schema)
    rows = [_problem(manifest, each) for manifest in manifests for each in manifest.problems]
    yield pa.Table.from_pylist(rows, schema=schema)


def _problem(manifest: Manifest, problem: dict[str, str]) -> dict[str, Any]:
    return {
        "source": SOURCE,
        "data_type": SOURCE,
        "user_id": problem["user_id"],
        "reason": f"the file cannot be read: {problem['reason']}",
        "position": 0,
        "item": problem["file"],
        **_origin(manifest),
    }


def _capture_runs(manifests: list[Manifest]) -> pa.Table:
    rows = [
        {
            "run_id": manifest.run_id,
            "source": SOURCE,
            "as_of": _origin(manifest)["captured_at"],
            "count_pages": len(manifest.pages),
            "count_items": len(manifest.problems)
            + sum(page.context.get("count_items", 0) for page in manifest.pages),
            **_origin(manifest),
        }
        for manifest in manifests
    ]
    return pa.Table.from_pylist(rows, schema=STREAMING_HISTORY["capture_runs"])


def _origin(manifest: Manifest) -> dict[str, Any]:
    as_of = datetime.fromisoformat(manifest.as_of).astimezone(UTC)
    return {"source_file": manifest.run_id, "captured_at": as_of}
