{{ config(materialized='table') }}

with

listeners as (
    select * from {{ ref('int_listener_clocks') }}
),

listener_days as (
    select * from {{ ref('int_listener_days') }}
),

rolling as (
    select * from {{ ref('windows') }}
),

years as (
    select
        user_id,
        year(local_date) as year_number,
        min(local_date) as first_played_on
    from listener_days
    group by user_id, year(local_date)
),

windows_of_listeners as (
    select
        listeners.user_id,
        rolling.window_id,
        {{ dbt.dateadd('day', '1 - rolling.count_days', dbt.dateadd(
            'month', '-rolling.count_months', 'listeners.today'
        )) }} as first_date,
        listeners.today as last_date
    from listeners
    cross join rolling
    union all
    select
        listeners.user_id,
        {{ dbt.concat(["'year_'", "cast(years.year_number as " ~ dbt.type_string() ~ ")"]) }}
            as window_id,
        {{ first_of_year('years.year_number') }} as first_date,
        case
            when years.year_number < year(listeners.today)
                then {{ dbt.dateadd('day', -1, first_of_year('years.year_number + 1')) }}
            else listeners.today
        end as last_date
    from listeners
    inner join years
        on listeners.user_id = years.user_id
        and year(listeners.today) >= years.year_number
    union all
    select
        listeners.user_id,
        'all_time' as window_id,
        coalesce(min(years.first_played_on), listeners.today) as first_date,
        listeners.today as last_date
    from listeners
    left join years
        on listeners.user_id = years.user_id
        and listeners.today >= years.first_played_on
    group by listeners.user_id, listeners.today
),

final as (
    select
        user_id,
        window_id,
        cast(first_date as date) as first_date,
        cast(last_date as date) as last_date
    from windows_of_listeners
)

select * from final
