{%- set months = (
    'January February March April May June July August September October November December'
).split() %}
{%- set weekdays = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split() %}
{%- set first_day = modules.datetime.date.fromisoformat(var('calendar_start')) %}
{%- set last_day = modules.datetime.date.fromisoformat(var('calendar_end')) %}
{%- set monday = "cast('2001-01-01' as date)" %}
{%- set start = "cast('" ~ first_day ~ "' as date)" %}

with

digits as (
    select * from {{ ref('digits') }}
),

numbers as (
    {{ numbers((last_day - first_day).days + 1, 'digits') }}
),

days as (
    select cast({{ dbt.dateadd('day', 'number', start) }} as date) as calendar_date
    from numbers
),

members as (
    {{ with_unknown_member('days') }}
),

dated as (
    select
        coalesce(calendar_date, cast({{ dbt.dateadd('day', -1, start) }} as date)) as calendar_date
    from members
),

weekdays as (
    select
        calendar_date,
        1 + {{ dbt.datediff(monday, 'calendar_date', 'day') }}
        % 7 as iso_day_of_week
    from dated
),

weeks as (
    -- An ISO week belongs to the year of its Thursday.
    select
        calendar_date,
        iso_day_of_week,
        cast({{ dbt.dateadd('day', '4 - iso_day_of_week', 'calendar_date') }} as date) as thursday
    from weekdays
),

final as (
    select
        {{ date_key('calendar_date') }} as date_key,
        calendar_date,
        cast(year(calendar_date) as int) as calendar_year,
        cast(floor((month(calendar_date) + 2) / 3) as int) as quarter_of_year,
        cast(month(calendar_date) as int) as month_of_year,
        case month(calendar_date)
            {% for month in months -%}
            when {{ loop.index }} then '{{ month }}'
            {% endfor -%}
        end as month_name,
        cast(day(calendar_date) as int) as day_of_month,
        cast(iso_day_of_week as int) as iso_day_of_week,
        case iso_day_of_week
            {% for weekday in weekdays -%}
            when {{ loop.index }} then '{{ weekday }}'
            {% endfor -%}
        end as day_name,
        cast(year(thursday) as int) as iso_year,
        cast(
            1 + floor(
                {{ dbt.datediff(first_of_year('year(thursday)'), 'thursday', 'day') }}
                / 7
            ) as int
        ) as iso_week,
        {{ as_boolean('iso_day_of_week >= 6') }} as is_weekend
    from weeks
)

select * from final
