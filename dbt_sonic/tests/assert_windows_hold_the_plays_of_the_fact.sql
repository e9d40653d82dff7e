-- All time is every counted play up to the listener's today. A row lost or doubled on the way to
-- the marts is not visible in one of them alone.
with

plays as (
    select * from {{ ref('fct_user_activity') }}
    where is_counted_play = cast(1 as {{ dbt.type_boolean() }})
),

coverage as (
    select * from {{ ref('mart_feature_coverage') }}
    where window_id = 'all_time'
),

counted as (
    select
        coverage.user_key,
        coverage.count_plays,
        count(plays.activity_key) as count_in_fact
    from coverage
    left join plays
        on coverage.user_key = plays.user_key
        and plays.local_date_key <= {{ date_key('coverage.last_date') }}
    group by coverage.user_key, coverage.count_plays
)

select * from counted
where count_plays <> count_in_fact
