with

plays as (
    select * from {{ ref('int_activities') }}
    where session_id is not null
),

tracks as (
    select * from {{ ref('int_recordings') }}
),

final as (
    select
        plays.session_id,
        plays.user_id,
        min(coalesce(plays.started_at, plays.occurred_at)) as started_at,
        max(plays.occurred_at) as ended_at,
        -- The session belongs to the day on which its first play ended.
        min(cast(plays.occurred_at_local as date)) as local_date,
        min(plays.occurred_at_local) as first_played_at_local,
        count(*) as count_all_plays,
        sum(
            case when plays.is_counted_play = cast(1 as {{ dbt.type_boolean() }}) then 1 else 0 end
        ) as count_plays,
        sum(case when plays.is_skip = cast(1 as {{ dbt.type_boolean() }}) then 1 else 0 end)
            as count_skips,
        count(distinct coalesce(tracks.recording_id, plays.track_uri, plays.track_name))
            as count_recordings,
        sum(coalesce(plays.ms_played, 0)) as ms_played
    from plays
    left join tracks
        on plays.track_id = tracks.track_id
    group by plays.session_id, plays.user_id
)

select * from final
