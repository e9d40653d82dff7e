"""Whatever an export contains, each item is a play or skipped for a reason."""

import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.streaming_history import SOURCE
from ingestion.streaming_history.load import LandedFile, LoadedFile, kept_plays
from tests.exports import episode, written
from tests.ingestion.test_streaming_history import ACCOUNT, SONG, World

GOOD = [SONG, ACCOUNT | {"artistName": "Rage", "trackName": "Testify"}, episode(str(SONG["ts"]))]
FIELDS = sorted({field for item in GOOD for field in item} | {"audiobook_title", "new_field"})
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)
times = st.datetimes().map(lambda at: f"{at:%Y-%m-%dT%H:%M:%SZ}")
values = (
    anything | times | st.integers(0, 400_000) | st.sampled_from(["true", "0", "1e5", "\ud800"])
)
mutated = st.builds(
    lambda item, changes, gone: {k: v for k, v in (item | changes).items() if k not in gone},
    st.sampled_from(GOOD),
    st.dictionaries(st.sampled_from(FIELDS), values, max_size=4),
    st.sets(st.sampled_from(FIELDS), max_size=2),
)
items = st.lists(st.sampled_from(GOOD) | mutated | anything, min_size=1, max_size=40)


def outcome_of(folder: Path, content: list[Any]) -> tuple[LoadedFile, list[dict[str, Any]]]:
    world = World(folder)
    landing = world.landing
    (captured,) = world.capture(written(folder / "endsong_0.json", content))
    assert captured.count_items == len(content)
    (page, _) = next(landing.manifests(SOURCE)).pages
    outcomes = {page.path: LoadedFile()}
    known = {"anna": pa.table({"play_id": pa.array([], pa.string())})}
    batches = kept_plays(landing, [LandedFile(0, 0, page)], known, outcomes, folder / "spill")
    return outcomes[page.path], [row for batch in batches for row in batch.to_pylist()]


@settings(max_examples=20, deadline=None)
@given(items)
def test_items_read_are_plays_kept_and_items_skipped(content: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        outcome, rows = outcome_of(Path(folder), content)
    assert outcome.kept + outcome.skipped.total() == len(content)
    assert outcome.kept == len(rows) == len({row["play_id"] for row in rows})
    assert all(row["ms_played"] >= 0 and 2006 <= row["ended_at"].year < 2038 for row in rows)


@pytest.mark.parametrize("examples", [20, pytest.param(1_000, marks=pytest.mark.soak)])
def test_items_read_are_rows_loaded_rows_quarantined_and_duplicates(
    tmp_path: Path, examples: int
) -> None:
    drawn: list[Any] = []

    @settings(max_examples=examples, deadline=None, database=None, derandomize=True)
    @given(items)
    def draw(content: list[Any]) -> None:
        drawn.extend(content)

    draw()
    world = World(tmp_path)
    parts = {f"x/endsong_{part}.json": drawn[part::4] for part in range(4)}
    for name, content in parts.items():
        written(tmp_path / name, content)
    counts = Counter(world.imported(tmp_path / "x"))
    duplicates = counts["twice in the export"]
    assert counts.total() == len(drawn)
    assert len(world.rows()) == counts["kept"]
    assert len(world.rows("quarantine")) == len(drawn) - counts["kept"] - duplicates
    (run,) = world.bronze.read("streaming_history", "select * from capture_runs").to_pylist()
    assert run["count_items"] == len(drawn)
    assert json.loads(world.rows("quarantine")[0]["item"]) is not None
