{{ config(materialized='table') }}

{%- set gap_ms = var('session_gap_minutes') * 60000 %}

with

pairs as (
    select * from {{ ref('int_play_pairs') }}
),

contested as (
    select * from pairs
    where count_of_api_play > 1 or count_of_export_play > 1
),

instants as (
    select
        user_id,
        match_key,
        'api' as origin,
        api_play_id as play_id,
        played_ms as instant_ms
    from contested
    union
    select
        user_id,
        match_key,
        'export' as origin,
        export_play_id as play_id,
        ended_ms as instant_ms
    from contested
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

numbered_stretches as (
    select
        *,
        sum(is_start) over (
            partition by user_id, match_key, day_number
            order by instant_ms, origin, play_id
            rows unbounded preceding
        ) as stretch_number
    from stretches
),

turns as (
    select
        origin,
        play_id,
        match_key,
        row_number() over (
            partition by user_id, match_key, day_number, stretch_number, origin
            order by instant_ms, play_id
        ) as turn
    from numbered_stretches
),

-- Where a track is on repeat, the end of one play is the start of the next, and both are as near
-- to what the API says: then the third play of the one goes with the third of the other.
preferred as (
    select
        contested.*,
        -- The export knows whole seconds only.
        floor(contested.distance_ms / 1000.0) as distance_s,
        abs(api_turns.turn - export_turns.turn) as turn_distance
    from contested
    inner join turns as api_turns
        on contested.api_play_id = api_turns.play_id
        and contested.match_key = api_turns.match_key
        and api_turns.origin = 'api'
    inner join turns as export_turns
        on contested.export_play_id = export_turns.play_id
        and contested.match_key = export_turns.match_key
        and export_turns.origin = 'export'
),

{{ one_to_one(
    'preferred',
    left_id='api_play_id',
    right_id='export_play_id',
    preference=[
        'distance_s', 'turn_distance', 'distance_ms', 'played_ms', 'ended_ms',
        'api_play_id', 'export_play_id',
    ],
    columns=[
        'distance_s', 'turn_distance', 'distance_ms', 'played_ms', 'ended_ms',
        'api_play_id', 'export_play_id', 'user_id',
    ],
    rounds=5
) }},

final as (
    select
        user_id,
        api_play_id,
        export_play_id,
        distance_ms
    from one_to_one
    union all
    select
        user_id,
        api_play_id,
        export_play_id,
        distance_ms
    from pairs
    where count_of_api_play = 1 and count_of_export_play = 1
)

select * from final
