{{ config(materialized='incremental', unique_key=['user_id', 'utc_day']) }}

{%- set catalogue = ref('stg_kaggle__tracks') %}
{%- set links = ref('int_track_links') %}

with

listeners as (
    select * from {{ ref('stg_sonic__listeners') }}
),

newest_load as (
    select * from {{ ref('int_newest_load') }}
),

-- Three scans of plays, not one: each prunes by its own literal.
days as (
    select
        user_id,
        utc_day,
        started_at as first_started_at,
        ended_at as last_ended_at,
        1 as is_changed
    from {{ ref('int_plays_unioned') }}
    where {{ is_new() }}
    {% if is_incremental() -%}
    union all
    select
        plays.user_id,
        plays.utc_day,
        plays.started_at as first_started_at,
        plays.ended_at as last_ended_at,
        1 as is_changed
    from {{ ref('int_plays_unioned') }} as plays
    inner join {{ links }} as links
        on plays.track_id = links.track_id
        and links.{{ is_new() }}
    union all
    select
        stored.user_id,
        stored.utc_day,
        stored.first_started_at,
        stored.last_ended_at,
        case
            when {{ if_replaced(catalogue) }} then 1
            when coalesce(stored.time_zone, '') <> coalesce(listeners.time_zone, '') then 1
            else 0
        end as is_changed
    from {{ this }} as stored
    left join listeners
        on stored.user_id = listeners.user_id
    {%- endif %}
),

final as (
    select
        days.user_id,
        days.utc_day,
        min(days.first_started_at) as first_started_at,
        max(days.last_ended_at) as last_ended_at,
        max(listeners.time_zone) as time_zone,
        max(newest_load.loaded_at) as loaded_at
    from days
    cross join newest_load
    left join listeners
        on days.user_id = listeners.user_id
    group by days.user_id, days.utc_day
    having max(days.is_changed) = 1
)

select * from final
