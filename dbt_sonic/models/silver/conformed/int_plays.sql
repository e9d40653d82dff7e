{{ config(materialized='incremental', incremental_strategy='replace_days') }}

{%- set gap_ms = var('session_gap_minutes') * 60000 %}

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
    select
        plays.*,
        lag(plays.played_at) over (
            partition by plays.user_id
            order by plays.played_at, plays.play_id
        ) as previous_at
    from {{ ref('int_united_plays') }} as plays
    {{ of_redone_days('plays') }}
),

numbered as (
    select
        *,
        sum(
            case
                when
                    {{ epoch_ms('coalesce(started_at, played_at)') }}
                    - {{ epoch_ms('previous_at') }} <= {{ gap_ms }}
                    then 0
                else 1
            end
        ) over (
            partition by user_id
            order by played_at, play_id
            rows unbounded preceding
        ) as session_number
    from plays
),

opened as (
    select
        *,
        first_value(play_id) over (
            partition by user_id, session_number
            order by played_at, play_id
        ) as first_play_id
    from numbered
),

final as (
    select
        opened.play_id,
        opened.user_id,
        opened.utc_day,
        {{ composite_id(['opened.user_id', "'play'", 'opened.first_play_id']) }} as session_id,
        opened.track_id,
        opened.track_uri,
        opened.track_name,
        opened.artist_name,
        coalesce(links.recording_id, opened.track_id) as recording_id,
        coalesce(links.artist_id, catalogue.artist_id) as artist_id,
        coalesce(links.album_id, catalogue.album_id) as album_id,
        opened.is_local,
        opened.started_at,
        opened.played_at,
        {{ local_time('opened.played_at', 'listener_offsets') }} as played_at_local,
        cast({{ local_time('opened.played_at', 'listener_offsets') }} as date) as local_date,
        opened.context_uri,
        opened.ms_played,
        opened.reason_start,
        opened.reason_end,
        opened.is_shuffle,
        opened.is_offline,
        -- Spotify's own list of recent plays names a track only after 30 seconds.
        {{ as_boolean(
            'opened.ms_played >= ' ~ var('counted_play_ms')
            ~ " or (opened.ms_played is null and opened.origin = 'api')"
        ) }} as is_counted_play,
        opened.is_skip,
        opened.origin,
        {{ newest_touch() }} as loaded_at
    from opened
    left join links
        on opened.track_id = links.track_id
    left join catalogue
        on opened.track_id = catalogue.track_id
    left join listener_offsets
        on opened.user_id = listener_offsets.user_id
        and opened.played_at >= listener_offsets.valid_from
        and opened.played_at < listener_offsets.valid_to
)

select * from final
