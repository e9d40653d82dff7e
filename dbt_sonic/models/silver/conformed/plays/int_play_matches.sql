{{ config(materialized='incremental', incremental_strategy='overwrite_days') }}

{%- set preference = [
    'distance_s', 'turn_distance', 'distance_ms', 'played_ms', 'ended_ms',
    'api_play_id', 'export_play_id',
] %}

with

pairs as (
    select
        pairs.*,
        -- The export has whole seconds only.
        floor(pairs.distance_ms / 1000.0) as distance_s
    from {{ ref('int_play_match_candidates_ranked') }} as pairs
    {{ only_days_to_rebuild('pairs') }}
),

contested as (
    select * from pairs
    where count_of_api_play > 1 or count_of_export_play > 1
),

{{ one_to_one(
    'contested',
    left_id='api_play_id',
    right_id='export_play_id',
    preference=preference,
    columns=preference + ['user_id', 'utc_day'],
    rounds=5
) }},

matches as (
    select
        user_id,
        utc_day,
        api_play_id,
        export_play_id,
        distance_ms
    from one_to_one
    union all
    select
        user_id,
        utc_day,
        api_play_id,
        export_play_id,
        distance_ms
    from pairs
    where count_of_api_play = 1 and count_of_export_play = 1
),

final as (
    select
        *,
        {{ rebuild_watermark() }} as loaded_at
    from matches
)

select * from final
