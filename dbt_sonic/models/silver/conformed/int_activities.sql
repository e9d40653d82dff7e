{{ config(materialized='table') }}

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
        actions.occurred_at,
        -- Without a known zone, local time is UTC.
        {{ dbt.dateadd('minute', 'coalesce(offset_minutes, 0)', 'actions.occurred_at') }}
            as occurred_at_local,
        actions.playlist_id,
        actions.context_uri,
        actions.ms_played,
        -- Spotify's own list of recent plays names a track only after 30 seconds.
        {{ as_boolean(
            "actions.activity_type = 'play' and (actions.ms_played >= " ~ var('counted_play_ms')
            ~ " or (actions.ms_played is null and actions.origin = 'api'))"
        ) }} as is_counted_play,
        actions.is_skip,
        actions.is_undone,
        actions.origin
    from actions
    left join listeners
        on actions.user_id = listeners.user_id
    left join zone_offsets
        on listeners.time_zone = zone_offsets.time_zone
        and actions.occurred_at >= zone_offsets.valid_from
        and actions.occurred_at < zone_offsets.valid_to
)

select * from final
