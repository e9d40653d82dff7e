with

links as (
    select * from {{ ref('int_track_links') }}
),

catalogue as (
    select * from {{ ref('stg_kaggle__tracks') }}
),

listener_offsets as (
    select * from {{ ref('int_listener_offsets') }}
),

plays as (
    select * from {{ ref('int_plays_merged') }}
),

final as (
    select
        plays.*,
        coalesce(links.recording_id, plays.track_id) as recording_id,
        coalesce(links.artist_id, catalogue.artist_id) as artist_id,
        coalesce(links.album_id, catalogue.album_id) as album_id,
        {{ local_time('plays.played_at', 'listener_offsets') }} as played_at_local,
        cast({{ local_time('plays.played_at', 'listener_offsets') }} as date) as local_date,
        -- Spotify lists a track as recently played only after 30 seconds.
        {{ as_boolean(
            'plays.ms_played >= ' ~ var('counted_play_ms')
            ~ " or (plays.ms_played is null and plays.origin = 'api')"
        ) }} as is_counted_play
    from plays
    left join links
        on plays.track_id = links.track_id
    left join catalogue
        on plays.track_id = catalogue.track_id
    left join listener_offsets
        on plays.user_id = listener_offsets.user_id
        and plays.played_at >= listener_offsets.valid_from
        and plays.played_at < listener_offsets.valid_to
)

select * from final
