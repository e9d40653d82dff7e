{{ config(materialized='incremental', incremental_strategy='overwrite_days') }}

{%- set tolerance_ms = var('match_tolerance_s') * 1000 %}

with

plays as (
    select plays.*
    from {{ ref('int_play_match_keys') }} as plays
    {{ only_days_to_rebuild('plays') }}
),

api_plays as (
    select * from plays
    where origin = 'api'
),

api_hours as (
    {{ hours_within_reach('api_plays', 'ended_ms', tolerance_ms) }}
),

export_hours as (
    select
        *,
        {{ hour_number('ended_ms') }} as hour_number
    from plays
    where origin <> 'api'
    union all
    select
        *,
        {{ hour_number('started_ms') }} as hour_number
    from plays
    where origin <> 'api' and {{ hour_number('started_ms') }} <> {{ hour_number('ended_ms') }}
),

candidates as (
    select distinct
        api_hours.user_id,
        api_hours.utc_day,
        api_hours.match_key,
        api_hours.play_id as api_play_id,
        export_hours.play_id as export_play_id,
        api_hours.ended_ms as played_ms,
        export_hours.ended_ms,
        least(
            abs(api_hours.ended_ms - export_hours.ended_ms),
            abs(api_hours.ended_ms - export_hours.started_ms)
        ) as distance_ms
    from api_hours
    inner join export_hours
        on api_hours.user_id = export_hours.user_id
        and api_hours.hour_number = export_hours.hour_number
        and api_hours.match_key = export_hours.match_key
        and api_hours.is_by_name = export_hours.is_by_name
    where api_hours.is_by_name = 0 or api_hours.track_id is null or export_hours.track_id is null
),

final as (
    select
        *,
        count(*) over (partition by api_play_id) as count_of_api_play,
        count(*) over (partition by export_play_id) as count_of_export_play,
        {{ rebuild_watermark() }} as loaded_at
    from candidates
    where distance_ms <= {{ tolerance_ms }}
)

select * from final
