with

digits as (
    select * from {{ ref('digits') }}
),

day_parts as (
    select * from {{ ref('day_parts') }}
),

numbers as (
    {{ numbers(1440, 'digits') }}
),

minutes as (
    select
        number as minute_of_day,
        cast(floor(number / 60) as int) as hour_of_day,
        cast(number % 60 as int) as minute_of_hour
    from numbers
),

parted as (
    select
        minutes.minute_of_day,
        minutes.hour_of_day,
        minutes.minute_of_hour,
        day_parts.day_part
    from minutes
    left join day_parts
        on minutes.hour_of_day >= day_parts.hour_from
        and minutes.hour_of_day <= day_parts.hour_to
),

members as (
    {{ with_unknown_member('parted') }}
),

texts as (
    select
        *,
        cast(hour_of_day as {{ dbt.type_string() }}) as hour_text,
        cast(minute_of_hour as {{ dbt.type_string() }}) as minute_text
    from members
),

final as (
    select
        cast(coalesce(hour_of_day * 100 + minute_of_hour, -1) as int) as time_key,
        case
            when minute_of_day is null then 'Unknown'
            else {{ dbt.concat([
                dbt.right(dbt.concat(["'0'", 'hour_text']), 2),
                "':'",
                dbt.right(dbt.concat(["'0'", 'minute_text']), 2),
            ]) }}
        end as time_of_day,
        hour_of_day,
        minute_of_hour,
        cast(minute_of_day as int) as minute_of_day,
        coalesce(day_part, 'Unknown') as day_part
    from texts
)

select * from final
