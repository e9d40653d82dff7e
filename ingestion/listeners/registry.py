"""Turn the token store's metadata into the registry of listeners; tokens never leave the store."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pyarrow as pa
import pyarrow.compute as pc
from dlt.common.destination.exceptions import DestinationUndefinedEntity

from ingestion.load import Bronze
from ingestion.streaming_history.listeners import ImportedListener
from ingestion.tables import LISTENERS
from oauth.tokens import Connection

logger = logging.getLogger(__name__)

PIPELINE = "listeners"
RUN_COLUMNS = ("source_file", "captured_at", "run_id", "loaded_at", "recency")
GROUPS = {
    "sonic_listeners": "user_id",
    "sonic_time_zone_offsets": "time_zone",
    "sonic_run_clock": "as_of",
}
NEWEST = {
    name: f"""
        select * from (
            select *, dense_rank() over ({partition} order by captured_at desc) as recency
            from {name}
        ) as ranked
        where recency = 1
    """
    for name, partition in (
        ("sonic_listeners", "partition by user_id"),
        ("sonic_time_zone_offsets", "partition by time_zone"),
        ("sonic_run_clock", ""),
    )
}
# The range of Gold's calendar.
FIRST_INSTANT = datetime(2006, 1, 1, tzinfo=UTC)
LAST_INSTANT = datetime(2038, 1, 1, tzinfo=UTC)


def registry_tables(
    connections: Iterable[Connection], imported: Iterable[ImportedListener], as_of: datetime
) -> dict[str, pa.Table]:
    """Make the rows of the registry's Bronze tables for one run.

    `captured_at` is the wall clock, not `as_of`: the newest run counts, whatever day it describes.

    Args:
        connections: The signed-in listeners.
        imported: The listeners of imported exports; a sign-in of the same listener wins.
        as_of: The instant that the run describes, with a time zone.

    Returns:
        An Arrow table for each table of `LISTENERS`; no token is in them.
    """
    now = datetime.now(UTC)
    run_id = f"{now:%Y%m%dT%H%M%S%f}"
    listeners = {each.user_id: _imported(each) for each in imported}
    listeners |= {each.user_id: _connected(each) for each in connections}
    for listener in listeners.values():
        listener["time_zone"] = _known_zone(listener["time_zone"])
    zones = sorted({listener["time_zone"] for listener in listeners.values()})
    rows: dict[str, list[dict[str, Any]]] = {
        "sonic_listeners": list(listeners.values()),
        "sonic_time_zone_offsets": [row for zone in zones for row in offset_ranges(zone)],
        "sonic_run_clock": [{"run_id": run_id, "as_of": as_of}],
    }
    origin = {"source_file": run_id, "captured_at": now}
    return {
        name: pa.Table.from_pylist([row | origin for row in rows[name]], schema=schema)
        for name, schema in LISTENERS.items()
    }


def load_registry(
    bronze: Bronze,
    connections: Iterable[Connection],
    imported: Iterable[ImportedListener],
    as_of: datetime,
) -> None:
    """Append what differs from the newest rows in Bronze: listeners, zones, the run's clock.

    Args:
        bronze: Gets the rows; missing tables are created.
        connections: The signed-in listeners.
        imported: The listeners of imported exports.
        as_of: The instant that the run describes, with a time zone.

    Raises:
        SourceError: Bronze cannot be read or written.
    """
    changed = {
        name: _changed(table, _newest(bronze, name), GROUPS[name])
        for name, table in registry_tables(connections, imported, as_of).items()
    }
    if any(table.num_rows for table in changed.values()):
        bronze.load(PIPELINE, LISTENERS, changed)
    else:
        bronze.declare(PIPELINE, LISTENERS)


def _newest(bronze: Bronze, name: str) -> pa.Table:
    try:
        return bronze.read(PIPELINE, NEWEST[name])
    except DestinationUndefinedEntity:  # before the first load
        return LISTENERS[name].empty_table()


def _changed(table: pa.Table, held: pa.Table, group: str) -> pa.Table:
    """Return the rows of each group (a listener, a zone) that differ from those in Bronze."""
    now, then = _by_group(table, group), _by_group(held, group)
    kept = [value for value in now if now[value] != then.get(value)]
    return table.filter(pc.is_in(table[group], pa.array(kept, table[group].type)))


def _by_group(table: pa.Table, group: str) -> dict[Any, set[tuple[Any, ...]]]:
    groups: dict[Any, set[tuple[Any, ...]]] = defaultdict(set)
    compared = [
        name
        for name in table.column_names
        if not name.startswith("_dlt") and name not in RUN_COLUMNS
    ]
    for row in table.select(compared).to_pylist():
        groups[row[group]].add(tuple(row.values()))
    return groups


@cache
def offset_ranges(time_zone: str) -> list[dict[str, Any]]:
    """Return the half-open ranges of constant UTC offset of a time zone, 2006 to 2037.

    Args:
        time_zone: An IANA name, such as `Europe/Berlin`.

    Returns:
        Rows of `sonic_time_zone_offsets` without their origin, in order and without gaps. Offsets
        are minutes east of UTC, from the machine's or the `tzdata` package's database.

    Raises:
        ZoneInfoNotFoundError: There is no such zone; it is a KeyError.
    """
    zone = ZoneInfo(time_zone)
    starts = [FIRST_INSTANT, *_changes(zone), LAST_INSTANT]
    return [
        {
            "time_zone": time_zone,
            "valid_from": start,
            "valid_to": end,
            "offset_minutes": _offset(zone, start),
        }
        for start, end in pairwise(starts)
    ]


def _changes(zone: ZoneInfo) -> Iterable[datetime]:
    """Find each change of offset to the minute: step by day, then bisect the day."""
    day = FIRST_INSTANT
    while day < LAST_INSTANT:
        following = day + timedelta(days=1)
        if _offset(zone, day) != _offset(zone, following):
            low, high = day, following
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) // 2
                middle = middle.replace(second=0, microsecond=0)
                if _offset(zone, middle) == _offset(zone, low):
                    low = middle
                else:
                    high = middle
            yield high
        day = following


def _offset(zone: ZoneInfo, instant: datetime) -> int:
    offset = instant.astimezone(zone).utcoffset()
    assert offset is not None
    return int(offset.total_seconds() // 60)


def _imported(listener: ImportedListener) -> dict[str, Any]:
    return {
        "user_id": listener.user_id,
        "display_name": listener.display_name,
        "time_zone": listener.time_zone,
        "token_state": "imported",
    }


def _connected(connection: Connection) -> dict[str, Any]:
    return {
        "user_id": connection.user_id,
        "display_name": connection.display_name,
        "time_zone": connection.time_zone,
        "app_id": connection.client_id,
        "connected_at": connection.connected_at,
        "token_state": connection.state.value,
    }


def _known_zone(name: str) -> str:
    """Return the zone, or UTC in place of an unknown one."""
    if name in available_timezones():
        return name
    logger.warning("unknown time zone %r; the listener's times are in UTC", name)
    return "UTC"
