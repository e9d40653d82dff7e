{{ config(materialized='table') }}

with

listener_days as (
    select * from {{ ref('int_listener_days') }}
    where count_plays > 0
),

windows as (
    select * from {{ ref('int_windows') }}
),

final as (
    select
        windows.user_id,
        windows.window_id,
        listener_days.track_id,
        sum(listener_days.count_plays) as count_plays,
        sum(listener_days.ms_played) as ms_played
    from windows
    inner join listener_days
        on windows.user_id = listener_days.user_id
        and windows.first_date <= listener_days.local_date
        and windows.last_date >= listener_days.local_date
    group by windows.user_id, windows.window_id, listener_days.track_id
)

select * from final
