{{ config(materialized='table') }}

{%- set gap_ms = [var('session_gap_minutes') * 60000, var('match_tolerance_s') * 1000] | max %}

with

days as (
    select
        *,
        lag(last_ended_at) over (
            partition by user_id
            order by utc_day
        ) as previous_ended_at
    from {{ ref('int_listener_days_changed') }}
),

runs as (
    select
        *,
        sum(
            case
                when
                    {{ epoch_ms('first_started_at') }} - {{ epoch_ms('previous_ended_at') }}
                    <= {{ gap_ms }}
                    then 0
                else 1
            end
        ) over (
            partition by user_id
            order by utc_day
            rows unbounded preceding
        ) as run_number
    from days
),

final as (
    select
        user_id,
        utc_day,
        max(loaded_at) over (partition by user_id, run_number) as touched_at
    from runs
)

select * from final
