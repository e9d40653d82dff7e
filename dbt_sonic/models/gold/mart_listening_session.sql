with

sessions as (
    select * from {{ ref('int_sessions') }}
),

listener_offsets as (
    select * from {{ ref('int_listener_offsets') }}
),

-- The clock may change during a session, so start and end have their own offsets.
localised as (
    select
        sessions.*,
        {{ local_time('sessions.started_at', 'offsets_at_start') }} as started_at_local,
        {{ local_time('sessions.ended_at', 'offsets_at_end') }} as ended_at_local
    from sessions
    left join listener_offsets as offsets_at_start
        on sessions.user_id = offsets_at_start.user_id
        and sessions.started_at >= offsets_at_start.valid_from
        and sessions.started_at < offsets_at_start.valid_to
    left join listener_offsets as offsets_at_end
        on sessions.user_id = offsets_at_end.user_id
        and sessions.ended_at >= offsets_at_end.valid_from
        and sessions.ended_at < offsets_at_end.valid_to
),

final as (
    select
        {{ hash_key('session_id') }} as session_key,
        {{ hash_key('user_id') }} as user_key,
        {{ date_key('cast(started_at_local as date)') }} as local_date_key,
        {{ time_key('started_at_local') }} as local_time_key,
        started_at,
        ended_at,
        started_at_local,
        ended_at_local,
        cast({{ epoch_ms('ended_at') }} - {{ epoch_ms('started_at') }} as bigint) as session_ms,
        cast(count_all_plays as bigint) as count_all_plays,
        cast(count_plays as bigint) as count_plays,
        cast(count_skips as bigint) as count_skips,
        cast(count_recordings as bigint) as count_recordings,
        cast(ms_played as bigint) as ms_played,
        vibe
    from localised
)

select * from final
