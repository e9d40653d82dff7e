-- Counts by first artist and counts by every artist need the same first artist of each track.
with

tracks as (
    select * from {{ ref('dim_track') }}
),

first_artists as (
    select * from {{ ref('bridge_track_artist') }}
    where artist_position = 1
)

select
    tracks.track_key,
    tracks.artist_key,
    first_artists.artist_key as bridge_artist_key
from tracks
left join first_artists
    on tracks.track_key = first_artists.track_key
where
    first_artists.artist_key is null
    or first_artists.artist_key <> tracks.artist_key
