{{ config(materialized='incremental', incremental_strategy='overwrite_days') }}

{%- set opening = composite_id(['user_id', "'play'", 'play_id']) %}

with

features as (
    select * from {{ ref('int_track_features') }}
),

plays as (
    select
        plays.*,
        features.vibe,
        case when plays.is_counted_play = cast(1 as {{ dbt.type_boolean() }}) then 1 else 0 end
            as counted_play,
        case when plays.is_skip = cast(1 as {{ dbt.type_boolean() }}) then 1 else 0 end
            as known_skip
    from {{ ref('int_plays') }} as plays
    left join features
        on plays.track_id = features.track_id
    {{ only_days_to_rebuild('plays') }}
),

vibes as (
    select
        session_id,
        vibe,
        row_number() over (
            partition by session_id
            order by count(*) desc, vibe asc
        ) as vibe_rank
    from plays
    where counted_play = 1 and vibe is not null
    group by session_id, vibe
),

sessions as (
    select
        session_id,
        user_id,
        min(utc_day) as utc_day,
        min(case when session_id = {{ opening }} then coalesce(started_at, played_at) end)
            as started_at,
        max(played_at) as ended_at,
        -- The session belongs to the day on which its first play ended.
        min(local_date) as local_date,
        min(played_at_local) as first_played_at_local,
        count(*) as count_all_plays,
        {{ whole_sum('counted_play') }} as count_plays,
        {{ whole_sum('known_skip') }} as count_skips,
        count(distinct coalesce(recording_id, track_uri, track_name)) as count_recordings,
        {{ whole_sum('coalesce(ms_played, 0)') }} as ms_played,
        {{ rebuild_watermark() }} as loaded_at
    from plays
    group by session_id, user_id
),

final as (
    select
        sessions.*,
        coalesce(vibes.vibe, 'Unknown') as vibe
    from sessions
    left join vibes
        on sessions.session_id = vibes.session_id
        and vibes.vibe_rank = 1
)

select * from final
