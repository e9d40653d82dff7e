"""Request the features of Spotify tracks from ReccoBeats, 40 per call."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

import requests

from ingestion.http import Api, one_line
from ingestion.landing import Run
from ingestion.reccobeats.parse import RETRY_AFTER

logger = logging.getLogger(__name__)

IDS_PER_CALL = 40  # the API's own limit
BAD_REQUEST = 400  # at least one id is invalid


def capture_features(
    base_url: str,
    run: Run,
    track_ids: Sequence[str],
    clock: Callable[[], datetime],
    progress: Callable[[int], None],
) -> int:
    """Land the mapping and the features of Spotify tracks.

    ReccoBeats omits unknown tracks, so the manifest keeps the requested ids of each mapping page.
    A refused call is repeated in halves, so that an invalid id affects no other. Any other failure
    ends the capture: landed pages count, and the other tracks wait for the next run.

    Args:
        base_url: The address of ReccoBeats' API.
        run: Gets the pages; the caller finishes it.
        track_ids: Spotify track ids.
        clock: Returns the current instant, with a time zone.
        progress: Called with the number of tracks requested so far.

    Returns:
        The number of tracks requested.
    """
    api = Api(base_url)

    def broken(cut: bytes) -> None:
        run.add("broken", cut, clock())

    chunks = [
        list(track_ids[start : start + IDS_PER_CALL])
        for start in range(0, len(track_ids), IDS_PER_CALL)
    ]
    requested = 0
    while chunks:
        ids = chunks.pop(0)
        query = {"ids": ",".join(ids)}
        try:
            features = list(api.pages("v1/audio-features", query, on_broken=broken))
            mapping = list(api.pages("v1/track", query, on_broken=broken))
        except requests.RequestException as error:
            if getattr(error, "status", None) != BAD_REQUEST:
                logger.warning("ReccoBeats waits for the next run: %s", one_line(error))
                run.manifest.problems.append({"reason": one_line(error)})
                break
            middle = len(ids) // 2
            chunks[:0] = [ids[:middle], ids[middle:]] if middle else []
            if not middle:
                _record_unknown(run, ids[0], clock())
            continue
        for body in features:
            run.add("audio_features", body, clock())
        for body in mapping:
            run.add("mapping", body, clock(), asked=ids)
        requested += len(ids)
        progress(requested)
    return requested


def _record_unknown(run: Run, track_id: str, asked_at: datetime) -> None:
    run.record(
        "reccobeats_mapping",
        track_id=track_id,
        reccobeats_id=None,
        asked_at=asked_at.isoformat(),
        retry_at=(asked_at + RETRY_AFTER).isoformat(),
    )
