{{ config(materialized='table') }}

with

window_tracks as (
    select * from {{ ref('int_window_tracks') }}
),

features as (
    select * from {{ ref('int_track_features') }}
),

means as (
    select
        {% for measure in acoustic_measures() -%}
        {{ exact_weighted_mean('features.' ~ measure, 'window_tracks.count_plays') }}
            as {{ measure }},
        {% endfor -%}
        window_tracks.user_id,
        window_tracks.window_id
    from window_tracks
    inner join features
        on window_tracks.track_id = features.track_id
    group by window_tracks.user_id, window_tracks.window_id
)

{% for measure in acoustic_measures() %}
select
    user_id,
    window_id,
    '{{ measure }}' as feature,
    {{ measure }} as mean_value
from means
where {{ measure }} is not null
{% if not loop.last %}union all{% endif %}
{% endfor %}
