{{ config(materialized='table') }}

with

days as (
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
        windows.first_date,
        windows.last_date,
        {% for measure in acoustic_measures() -%}
        sum(days.sum_{{ measure }}) as sum_{{ measure }},
        {{ whole_sum('days.count_' ~ measure) }} as count_{{ measure }},
        {% endfor -%}
        {{ whole_sum('days.count_plays') }} as count_plays,
        {{ whole_sum('days.count_reccobeats_plays') }} as count_reccobeats_plays,
        {{ whole_sum('days.count_kaggle_plays') }} as count_kaggle_plays
    from windows
    inner join days
        on windows.user_id = days.user_id
        and windows.first_date <= days.local_date
        and windows.last_date >= days.local_date
    group by windows.user_id, windows.window_id, windows.first_date, windows.last_date
)

select * from final
