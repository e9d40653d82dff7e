{{ config(materialized='table') }}

{%- set gap_ms = var('session_gap_minutes') * 60000 %}

with

actions as (
    select * from {{ ref('int_actions') }}
),

listeners as (
    select * from {{ ref('stg_sonic__listeners') }}
),

zone_offsets as (
    select * from {{ ref('stg_sonic__time_zone_offsets') }}
),

plays as (
    select
        user_id,
        activity_id,
        occurred_at,
        coalesce(started_at, occurred_at) as began_at,
        lag(occurred_at) over (
            partition by user_id
            order by occurred_at, activity_id
        ) as previous_at
    from actions
    where activity_type = 'play'
),

starts as (
    select
        *,
        case
            when {{ epoch_ms('began_at') }} - {{ epoch_ms('previous_at') }} <= {{ gap_ms }} then 0
            else 1
        end as is_start
    from plays
),

numbered as (
    select
        *,
        sum(is_start) over (
            partition by user_id
            order by occurred_at, activity_id
            rows unbounded preceding
        ) as session_number
    from starts
),

sessions as (
    select
        user_id,
        session_number,
        {{ composite_id(['user_id', 'activity_id']) }} as session_id
    from numbered
    where is_start = 1
),

sessions_of_plays as (
    select
        numbered.activity_id,
        sessions.session_id
    from numbered
    inner join sessions
        on numbered.user_id = sessions.user_id
        and numbered.session_number = sessions.session_number
),

final as (
    select
        actions.activity_id,
        actions.activity_type,
        actions.user_id,
        actions.track_id,
        actions.track_uri,
        actions.track_name,
        actions.artist_name,
        actions.is_local,
        actions.started_at,
        actions.occurred_at,
        -- Without a known zone, local time is UTC.
        {{ dbt.dateadd('minute', 'coalesce(offset_minutes, 0)', 'actions.occurred_at') }}
            as occurred_at_local,
        sessions_of_plays.session_id,
        actions.playlist_id,
        actions.context_uri,
        actions.ms_played,
        actions.reason_start,
        actions.reason_end,
        actions.is_shuffle,
        actions.is_offline,
        -- Spotify's own list of recent plays names a track only after 30 seconds.
        {{ as_boolean(
            "actions.activity_type = 'play' and (actions.ms_played >= " ~ var('counted_play_ms')
            ~ " or (actions.ms_played is null and actions.origin = 'api'))"
        ) }} as is_counted_play,
        actions.is_skip,
        actions.is_undone,
        actions.origin
    from actions
    left join sessions_of_plays
        on actions.activity_id = sessions_of_plays.activity_id
    left join listeners
        on actions.user_id = listeners.user_id
    left join zone_offsets
        on listeners.time_zone = zone_offsets.time_zone
        and actions.occurred_at >= zone_offsets.valid_from
        and actions.occurred_at < zone_offsets.valid_to
)

select * from final
