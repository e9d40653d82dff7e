{{ config(materialized='incremental', incremental_strategy='overwrite_days') }}

{%- set gap_ms = var('session_gap_minutes') * 60000 %}

with

plays as (
    select
        plays.*,
        lag(plays.played_at) over (
            partition by plays.user_id
            order by plays.played_at, plays.play_id
        ) as previous_at
    from {{ ref('int_plays_enriched') }} as plays
    {{ only_days_to_rebuild('plays') }}
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
        play_id,
        user_id,
        utc_day,
        {{ composite_id(['user_id', "'play'", 'first_play_id']) }} as session_id,
        track_id,
        track_uri,
        track_name,
        artist_name,
        recording_id,
        artist_id,
        album_id,
        is_local,
        started_at,
        played_at,
        played_at_local,
        local_date,
        context_uri,
        ms_played,
        reason_start,
        reason_end,
        is_shuffle,
        is_offline,
        is_counted_play,
        is_skip,
        origin,
        {{ rebuild_watermark() }} as loaded_at
    from opened
)

select * from final
