-- Unique days can still have gaps, and facts of a missing day would get the unknown date.
with

days as (
    select
        min(calendar_date) as first_day,
        max(calendar_date) as last_day,
        count(*) as count_days
    from {{ ref('dim_date') }}
)

select * from days
where
    1 + {{ dbt.datediff('first_day', 'last_day', 'day') }}
    <> count_days
