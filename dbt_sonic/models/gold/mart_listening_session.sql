with

sessions as (
    select * from {{ ref('int_sessions') }}
),

plays as (
    select * from {{ ref('fct_user_activity') }}
    where is_counted_play = cast(1 as {{ dbt.type_boolean() }})
),

tracks as (
    select * from {{ ref('dim_track') }}
    where vibe <> 'Unknown'
),

listeners as (
    select * from {{ ref('stg_sonic__listeners') }}
),

zone_offsets as (
    select * from {{ ref('stg_sonic__time_zone_offsets') }}
),

vibes as (
    select
        plays.session_key,
        tracks.vibe,
        row_number() over (
            partition by plays.session_key
            order by count(*) desc, tracks.vibe asc
        ) as vibe_rank
    from plays
    inner join tracks
        on plays.track_key = tracks.track_key
    group by plays.session_key, tracks.vibe
),

-- A session may run over a change of the clock, so that its two ends have an offset each.
localised as (
    select
        sessions.*,
        {{ dbt.dateadd(
            'minute', 'coalesce(start_offsets.offset_minutes, 0)', 'sessions.started_at'
        ) }} as started_at_local,
        {{ dbt.dateadd(
            'minute', 'coalesce(end_offsets.offset_minutes, 0)', 'sessions.ended_at'
        ) }} as ended_at_local
    from sessions
    left join listeners
        on sessions.user_id = listeners.user_id
    left join zone_offsets as start_offsets
        on listeners.time_zone = start_offsets.time_zone
        and sessions.started_at >= start_offsets.valid_from
        and sessions.started_at < start_offsets.valid_to
    left join zone_offsets as end_offsets
        on listeners.time_zone = end_offsets.time_zone
        and sessions.ended_at >= end_offsets.valid_from
        and sessions.ended_at < end_offsets.valid_to
),

final as (
    select
        {{ hash_key('localised.session_id') }} as session_key,
        {{ hash_key('localised.user_id') }} as user_key,
        {{ date_key('cast(localised.started_at_local as date)') }} as local_date_key,
        {{ time_key('localised.started_at_local') }} as local_time_key,
        localised.started_at,
        localised.ended_at,
        localised.started_at_local,
        localised.ended_at_local,
        cast(
            {{ epoch_ms('localised.ended_at') }} - {{ epoch_ms('localised.started_at') }} as bigint
        ) as session_ms,
        cast(localised.count_all_plays as bigint) as count_all_plays,
        cast(localised.count_plays as bigint) as count_plays,
        cast(localised.count_skips as bigint) as count_skips,
        cast(localised.count_recordings as bigint) as count_recordings,
        cast(localised.ms_played as bigint) as ms_played,
        coalesce(vibes.vibe, 'Unknown') as vibe
    from localised
    left join vibes
        on {{ hash_key('localised.session_id') }} = vibes.session_key
        and vibes.vibe_rank = 1
)

select * from final
