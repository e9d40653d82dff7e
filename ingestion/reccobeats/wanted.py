"""Which tracks ReccoBeats has not been asked for yet."""

from datetime import datetime

from ingestion.load import Bronze
from ingestion.tables import RECCOBEATS

# A track that was found once is never asked for again: its retry_at is null.
WANTED = """
select distinct tracks.track_id
from spotify_tracks as tracks
left join (
    select
        track_id,
        max(case when retry_at is null then 1 else 0 end) as is_found,
        max(retry_at) as retry_at
    from reccobeats_mapping
    group by track_id
) as asked on tracks.track_id = asked.track_id
where asked.track_id is null or (asked.is_found = 0 and asked.retry_at <= '{as_of}')
order by tracks.track_id
"""


def wanted_track_ids(bronze: Bronze, as_of: datetime) -> list[str]:
    """Return the tracks in Bronze that were never asked for, or are due to be asked again."""
    bronze.declare("reccobeats", RECCOBEATS)
    return [track_id for (track_id,) in bronze.query("reccobeats", WANTED.format(as_of=as_of))]
