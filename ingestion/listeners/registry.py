"""Turn the token store's metadata into the registry of listeners; tokens never leave the store."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from ingestion.streaming_history.listeners import ImportedListener
from ingestion.tables import LISTENERS
from oauth.tokens import Connection

# As far as the calendar of Gold goes.
FIRST_INSTANT = datetime(2006, 1, 1, tzinfo=UTC)
LAST_INSTANT = datetime(2038, 1, 1, tzinfo=UTC)


def registry_tables(
    connections: Iterable[Connection], imported: Iterable[ImportedListener], as_of: datetime
) -> dict[str, pa.Table]:
    """Return the rows of the registry's Bronze tables for one run, as of one instant.

    Who signed in is described by that, whether an export of theirs was imported or not.

    They are captured now, by the wall clock: the newest run counts, whatever day it speaks of.
    """
    now = datetime.now(UTC)
    run_id = f"{now:%Y%m%dT%H%M%S%f}"
    listeners = {each.user_id: _imported(each) for each in imported}
    listeners |= {each.user_id: _connected(each) for each in connections}
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


def offset_ranges(time_zone: str) -> list[dict[str, Any]]:
    """Return the half-open ranges of constant UTC offset of an IANA zone, 2006 to 2037.

    Offsets are in minutes east of UTC, from the machine's or the `tzdata` package's database.
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
    """Find each change of offset to the minute: step by day, then halve the day."""
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
