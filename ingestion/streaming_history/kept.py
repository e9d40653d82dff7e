"""Decide which items of landed histories are new plays, and yield those."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import pyarrow as pa

from ingestion.landing import Landing
from ingestion.streaming_history.capture import BEFORE, TWICE
from ingestion.streaming_history.workbench import LandedFile, Workbench
from ingestion.tables import ORIGIN, STREAMING_HISTORY

TABLE = "streaming_history_plays"

_READ = """
    select
        $number::bigint as number, $import_number::bigint as import_number, position, play_id,
        reason, content_type, ended_at
    from {plays}
"""
_DECIDE = f"""
    create temp table decided as
    select
        number, position, content_type, ended_at,
        case
            when reason is not null then reason
            when play_id in (from known) then '{BEFORE}'
            when first_value(import_number) over same_play < import_number then '{BEFORE}'
            when row_number() over same_play > 1 then '{TWICE}'
        end as reason
    from read
    window same_play as (partition by play_id order by number, position);
    drop table read
"""
_COUNT = """
    select
        reason, count(*), count(*) filter (where content_type = 'episode'),
        min(ended_at), max(ended_at)
    from decided
    where number = $number
    group by reason
"""
_COLUMNS = ", ".join(name for name in STREAMING_HISTORY[TABLE].names if name not in ORIGIN)
_KEPT = f"""
    select {_COLUMNS}
    from (select * exclude (reason), $user_id as user_id, $kind as kind from {{plays}})
    semi join (from decided where number = $number and reason is null) using (position)
"""


@dataclass
class LoadedFile:
    """What became of the items of one landed file: kept as plays, or skipped for a reason."""

    kept: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    count_episodes: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None


def kept_plays(
    landing: Landing,
    files: list[LandedFile],
    known: Mapping[str, pa.Table],
    outcomes: Mapping[str, LoadedFile],
    spill: Path,
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of new plays, one listener after the other, and fill in `outcomes` by path.

    `known` holds the play_ids in Bronze by listener; of the same plays the first one is kept.
    """
    owner = attrgetter("user_id")
    for user_id, group in groupby(sorted(files, key=owner), owner):
        own = list(group)
        with Workbench(landing, spill) as bench:
            bench.connection.register("known", known[user_id])
            for file in own:
                into = "insert into read" if file is not own[0] else "create temp table read as"
                bench.execute(file, f"{into} {_READ}")
            bench.connection.execute(_DECIDE)
            for file in own:
                _fill_in(outcomes[file.page.path], bench, file)
                yield from bench.rows(file, _KEPT, STREAMING_HISTORY[TABLE])


def _fill_in(outcome: LoadedFile, bench: Workbench, file: LandedFile) -> None:
    groups = bench.connection.execute(_COUNT, {"number": file.number}).fetchall()
    for reason, count, episodes, first_at, last_at in groups:
        if reason:
            outcome.skipped[reason] += count
        else:
            outcome.kept, outcome.count_episodes = count, episodes
            outcome.first_at, outcome.last_at = first_at, last_at
