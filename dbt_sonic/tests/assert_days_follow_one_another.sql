-- Unique days may still have gaps, and a gap would send its facts to the unknown date.
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
