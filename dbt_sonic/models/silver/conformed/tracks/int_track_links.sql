{{ config(materialized='incremental', unique_key='track_id') }}

with

tracks as (
    select * from {{ ref('stg_spotify__tracks') }}
),

measured as (
    select * from {{ ref('stg_reccobeats__audio_features') }}
),

newest_load as (
    select * from {{ ref('int_newest_load') }}
),

changed_tracks as (
    select track_id
    from tracks
    where {{ is_new() }}
    union
    select track_id
    from measured
    where {{ is_new() }}
),

links as (
    select
        changed_tracks.track_id,
        coalesce(tracks.isrc, measured.isrc, changed_tracks.track_id) as recording_id,
        tracks.artist_id,
        tracks.album_id,
        measured.loaded_at as measured_at
    from changed_tracks
    left join tracks
        on changed_tracks.track_id = tracks.track_id
    left join measured
        on changed_tracks.track_id = measured.track_id
),

final as (
    select
        links.*,
        newest_load.loaded_at
    from links
    cross join newest_load
    where {{ differs_from_stored(
        'links', 'track_id', ['recording_id', 'artist_id', 'album_id', 'measured_at']
    ) }}
)

select * from final
