"""Find the tracks to request from ReccoBeats."""

from datetime import datetime

from ingestion.load import Bronze
from ingestion.tables import RECCOBEATS, SPOTIFY, STREAMING_HISTORY

# Features are requested once; a track without features again when its `retry_at` is over.
WANTED = """
select named.track_id
from (
    select track_id from spotify_tracks
    union
    select track_id from streaming_history_plays where track_id is not null
) as named
left join reccobeats_audio_features as features on named.track_id = features.track_id
left join (
    select track_id, max(retry_at) as retry_at from reccobeats_mapping group by track_id
) as asked on named.track_id = asked.track_id
where features.track_id is null and (asked.track_id is null or asked.retry_at <= '{as_of}')
order by named.track_id
"""


def wanted_track_ids(bronze: Bronze, as_of: datetime) -> list[str]:
    """Return the tracks in Bronze that were never requested, or that are due again.

    Args:
        bronze: Holds the tracks; missing tables are created.
        as_of: The instant that `retry_at` is compared with, with a time zone.

    Returns:
        Spotify track ids, sorted.

    Raises:
        SourceError: Bronze cannot be read or written.
    """
    bronze.declare("reccobeats", RECCOBEATS)
    bronze.declare("spotify", SPOTIFY)
    bronze.declare("streaming_history", STREAMING_HISTORY)
    return [track_id for (track_id,) in bronze.query("reccobeats", WANTED.format(as_of=as_of))]
