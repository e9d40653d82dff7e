"""Ask ReccoBeats for the features of Spotify tracks, forty a call."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

import requests

from ingestion.http import Api, one_line
from ingestion.landing import Run
from ingestion.reccobeats.parse import RETRY_AFTER

logger = logging.getLogger(__name__)

IDS_PER_CALL = 40  # the API's own limit
BAD_REQUEST = 400  # one of the ids, or all, are none


def capture_features(
    base_url: str,
    run: Run,
    track_ids: Sequence[str],
    clock: Callable[[], datetime],
    progress: Callable[[int], None],
) -> int:
    """Land the mapping and the features of Spotify tracks; return how many were asked for.

    ReccoBeats omits what it does not know, so the ids that were asked stand beside each mapping
    page. Ids that it refuses are asked again in halves, so that one bad id costs only
    itself. Any other failure ends the capture: what was landed counts, and the rest is asked at
    the next run.
    """
    api = Api(base_url)

    def broken(cut: bytes) -> None:
        run.add("broken", cut, clock())

    chunks = [
        list(track_ids[start : start + IDS_PER_CALL])
        for start in range(0, len(track_ids), IDS_PER_CALL)
    ]
    asked = 0
    while chunks:
        ids = chunks.pop(0)
        query = {"ids": ",".join(ids)}
        try:
            features = list(api.pages("v1/audio-features", query, on_broken=broken))
            mapping = list(api.pages("v1/track", query, on_broken=broken))
        except requests.RequestException as error:
            if getattr(error, "status", None) != BAD_REQUEST:
                logger.warning("ReccoBeats is left for the next run: %s", one_line(error))
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
        asked += len(ids)
        progress(asked)
    return asked


def _record_unknown(run: Run, track_id: str, asked_at: datetime) -> None:
    run.record(
        "reccobeats_mapping",
        track_id=track_id,
        reccobeats_id=None,
        asked_at=asked_at.isoformat(),
        retry_at=(asked_at + RETRY_AFTER).isoformat(),
    )
