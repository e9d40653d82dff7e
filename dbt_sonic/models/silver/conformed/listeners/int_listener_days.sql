{{ config(
    materialized='incremental', incremental_strategy='overwrite_days', meta={'calendar': 'local'}
) }}

with

features as (
    select * from {{ ref('int_track_features') }}
),

played as (
    select
        day_tracks.user_id,
        day_tracks.local_date,
        coalesce(features.vibe, 'Unknown') as vibe,
        features.feature_source,
        {% for measure in acoustic_measures() -%}
        features.{{ measure }},
        {% endfor -%}
        day_tracks.count_plays,
        day_tracks.ms_played
    from {{ ref('int_listener_day_tracks') }} as day_tracks
    left join features
        on day_tracks.track_id = features.track_id
    {{ only_days_to_rebuild('day_tracks', calendar='local') }}
),

final as (
    select
        user_id,
        local_date,
        vibe,
        {{ whole_sum('count_plays') }} as count_plays,
        {{ whole_sum('ms_played') }} as ms_played,
        {% for source in ['reccobeats', 'kaggle'] -%}
        {{ whole_sum("case when feature_source = '" ~ source ~ "' then count_plays else 0 end") }}
            as count_{{ source }}_plays,
        {% endfor -%}
        {% for measure in acoustic_measures() -%}
        cast({{ exact_weighted_sum(measure, 'count_plays') }} as decimal(18, 9))
            as sum_{{ measure }},
        {{ whole_sum('case when ' ~ measure ~ ' is not null then count_plays else 0 end') }}
            as count_{{ measure }},
        {% endfor -%}
        {{ rebuild_watermark() }} as loaded_at
    from played
    group by user_id, local_date, vibe
)

select * from final
