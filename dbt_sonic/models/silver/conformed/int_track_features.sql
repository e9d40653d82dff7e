{%- set columns = ['track_id'] + acoustic_features() + ['loaded_at'] %}
{%- set catalogue = ref('stg_kaggle__tracks') %}
{{ config(
    materialized='incremental',
    unique_key='track_id',
    pre_hook="{{ emptied_if_replaced(ref('stg_kaggle__tracks')) }}",
) }}

with

reccobeats as (
    select * from {{ ref('stg_reccobeats__audio_features') }}
    where energy is not null and valence is not null
),

kaggle as (
    select * from {{ catalogue }}
    where energy is not null and valence is not null
),

vibes as (
    select * from {{ ref('vibe_thresholds') }}
),

features as (
    select
        'reccobeats' as feature_source,
        {{ columns | join(', ') }}
    from reccobeats
    where {{ is_new() }} or {{ if_replaced(catalogue) }}
    union all
    select
        'kaggle' as feature_source,
        {{ columns | join(', ') }}
    from kaggle
    where
        {{ if_replaced(catalogue) }}
        and not exists (
            select 1
            from reccobeats
            where reccobeats.track_id = kaggle.track_id
        )
),

final as (
    select
        features.feature_source,
        {% for column in columns -%}
        features.{{ column }},
        {% endfor -%}
        vibes.vibe
    from features
    left join vibes
        on features.energy >= vibes.energy_from
        and (features.energy < vibes.energy_below or vibes.energy_below is null)
        and features.valence >= vibes.valence_from
        and (features.valence < vibes.valence_below or vibes.valence_below is null)
)

select * from final
