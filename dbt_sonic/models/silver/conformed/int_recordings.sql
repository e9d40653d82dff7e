{{ config(materialized='table') }}

with

tracks as (
    select * from {{ ref('int_tracks') }}
),

measured as (
    select * from {{ ref('stg_reccobeats__audio_features') }}
),

api_plays as (
    select * from {{ ref('stg_spotify__plays') }}
),

export_plays as (
    select * from {{ ref('stg_streaming_history__plays') }}
),

saves as (
    select * from {{ ref('stg_spotify__saved_tracks') }}
),

playlist_items as (
    select * from {{ ref('stg_spotify__playlist_items') }}
),

named as (
    select track_id from tracks
    union
    select track_id from measured
    union
    select track_id from api_plays
    union
    select track_id from export_plays
    union
    select track_id from saves
    union
    select track_id from playlist_items
    where item_type = 'track'
),

final as (
    select
        named.track_id,
        coalesce(upper(tracks.isrc), upper(measured.isrc), named.track_id) as recording_id
    from named
    left join tracks
        on named.track_id = tracks.track_id
    left join measured
        on named.track_id = measured.track_id
    where named.track_id is not null
)

select * from final
