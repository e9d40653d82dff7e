{%- set gap_ms = var('session_gap_minutes') * 60000 %}
{%- set stretch = 'user_id, match_key, day_number' %}

with

pairs as (
    select * from {{ ref('int_play_match_candidates') }}
),

instants as (
    select
        user_id,
        match_key,
        'api' as origin,
        api_play_id as play_id,
        played_ms as instant_ms
    from pairs
    where count_of_api_play > 1 or count_of_export_play > 1
    union
    select
        user_id,
        match_key,
        'export' as origin,
        export_play_id as play_id,
        ended_ms as instant_ms
    from pairs
    where count_of_api_play > 1 or count_of_export_play > 1
),

stretches as (
    select
        *,
        floor(instant_ms / 86400000.0) as day_number,
        case
            when
                instant_ms - lag(instant_ms) over (
                    partition by user_id, match_key
                    order by instant_ms, origin, play_id
                ) <= {{ gap_ms }}
                then 0
            else 1
        end as is_start
    from instants
),

numbered as (
    select
        *,
        sum(is_start) over (
            partition by {{ stretch }}
            order by instant_ms, origin, play_id
            rows unbounded preceding
        ) as stretch_number
    from stretches
),

turns as (
    select
        *,
        row_number() over (
            partition by {{ stretch }}, stretch_number, origin
            order by instant_ms, play_id
        ) as turn
    from numbered
),

final as (
    select
        pairs.*,
        coalesce(abs(api_turns.turn - export_turns.turn), 0) as turn_distance
    from pairs
    left join turns as api_turns
        on pairs.api_play_id = api_turns.play_id
        and pairs.match_key = api_turns.match_key
        and api_turns.origin = 'api'
    left join turns as export_turns
        on pairs.export_play_id = export_turns.play_id
        and pairs.match_key = export_turns.match_key
        and export_turns.origin = 'export'
)

select * from final
