{{ config(materialized='table') }}

with

plays as (
    select * from {{ ref('int_activities') }}
    where activity_type = 'play'
),

dated as (
    select
        user_id,
        cast(occurred_at_local as date) as local_date,
        track_id,
        occurred_at,
        case when is_counted_play = cast(1 as {{ dbt.type_boolean() }}) then 1 else 0 end
            as counted_play,
        case when is_skip = cast(1 as {{ dbt.type_boolean() }}) then 1 else 0 end as known_skip,
        coalesce(ms_played, 0) as ms_played
    from plays
),

final as (
    select
        user_id,
        local_date,
        track_id,
        count(*) as count_all_plays,
        sum(counted_play) as count_plays,
        sum(known_skip) as count_skips,
        sum(ms_played) as ms_played,
        min(occurred_at) as first_played_at,
        max(occurred_at) as last_played_at
    from dated
    group by user_id, local_date, track_id
)

select * from final
