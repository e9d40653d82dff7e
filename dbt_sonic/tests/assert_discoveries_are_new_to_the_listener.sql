-- New means another track, recording and song: a second id of a song that the listener has is not a
-- discovery.
with

discoveries as (
    select * from {{ ref('mart_discover_next') }}
),

tracks as (
    select * from {{ ref('dim_track') }}
),

known as (
    select * from {{ ref('ml_listener_signal') }}
),

recommended as (
    select
        discoveries.user_key,
        discoveries.recommendation_rank,
        tracks.track_id,
        tracks.isrc,
        lower(tracks.track_name) as track_name,
        lower(tracks.artist_name) as artist_name
    from discoveries
    inner join tracks
        on discoveries.track_key = tracks.track_key
)

select
    recommended.user_key,
    recommended.recommendation_rank,
    recommended.track_id
from recommended
inner join known
    on recommended.user_key = {{ hash_key('known.user_id') }}
    and (
        recommended.track_id = known.track_id
        or recommended.isrc = known.isrc
        or (
            recommended.track_name = lower(known.track_name)
            and recommended.artist_name = lower(known.artist_name)
        )
    )
