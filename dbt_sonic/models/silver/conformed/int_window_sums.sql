{{ config(materialized='table') }}

with

-- Added up by day first: each is in several windows.
days as (
    select
        user_id,
        local_date,
        {% for measure in acoustic_measures() -%}
        sum(sum_{{ measure }}) as sum_{{ measure }},
        sum(count_{{ measure }}) as count_{{ measure }},
        {% endfor -%}
        sum(count_plays) as count_plays,
        sum(count_reccobeats_plays) as count_reccobeats_plays,
        sum(count_kaggle_plays) as count_kaggle_plays
    from {{ ref('int_listener_days') }}
    where count_plays > 0
    group by user_id, local_date
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
        sum(days.count_{{ measure }}) as count_{{ measure }},
        {% endfor -%}
        sum(days.count_plays) as count_plays,
        sum(days.count_reccobeats_plays) as count_reccobeats_plays,
        sum(days.count_kaggle_plays) as count_kaggle_plays
    from windows
    inner join days
        on windows.user_id = days.user_id
        and windows.first_date <= days.local_date
        and windows.last_date >= days.local_date
    group by windows.user_id, windows.window_id, windows.first_date, windows.last_date
)

select * from final
