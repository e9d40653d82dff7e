"""Which tracks ReccoBeats has not been asked for yet."""

from datetime import datetime

from ingestion.load import Bronze
from ingestion.tables import RECCOBEATS, SPOTIFY, STREAMING_HISTORY

# Features that came once are kept for good; a track without any is asked for again when it is due.
WANTED = """
select touched.track_id
from (
    select track_id from spotify_tracks
    union
    select track_id from streaming_history_plays where track_id is not null
) as touched
left join reccobeats_audio_features as features on touched.track_id = features.track_id
left join (
    select track_id, max(retry_at) as retry_at from reccobeats_mapping group by track_id
) as asked on touched.track_id = asked.track_id
where features.track_id is null and (asked.track_id is null or asked.retry_at <= '{as_of}')
order by touched.track_id
"""


def wanted_track_ids(bronze: Bronze, as_of: datetime) -> list[str]:
    """Return the tracks in Bronze that were never asked for, or are due to be asked again."""
    bronze.declare("reccobeats", RECCOBEATS)
    bronze.declare("spotify", SPOTIFY)
    bronze.declare("streaming_history", STREAMING_HISTORY)
    return [track_id for (track_id,) in bronze.query("reccobeats", WANTED.format(as_of=as_of))]
