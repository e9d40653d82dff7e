{%- set catalogue = ref('stg_kaggle__tracks') %}
{{ config(
    materialized='incremental',
    unique_key='track_id',
    pre_hook="{{ emptied_if_replaced(ref('stg_kaggle__tracks')) }}",
) }}

with

reccobeats as (
    select * from {{ ref('stg_reccobeats__audio_features') }}
),

kaggle as (
    select * from {{ catalogue }}
),

vibes as (
    select * from {{ ref('vibe_thresholds') }}
),

changed_tracks as (
    select track_id
    from reccobeats
    where {{ is_new() }} or {{ if_replaced(catalogue) }}
    union
    select track_id
    from kaggle
    where {{ if_replaced(catalogue) }}
),

features as (
    select
        changed_tracks.track_id,
        case
            when reccobeats.track_id is not null then 'reccobeats'
            when kaggle.track_id is not null then 'kaggle'
        end as feature_source,
        {% for feature in acoustic_features() -%}
        case
            when reccobeats.track_id is not null then reccobeats.{{ feature }}
            else kaggle.{{ feature }}
        end as {{ feature }},
        {% endfor -%}
        coalesce(reccobeats.loaded_at, kaggle.loaded_at) as loaded_at
    from changed_tracks
    left join reccobeats
        on changed_tracks.track_id = reccobeats.track_id
        and reccobeats.energy is not null
        and reccobeats.valence is not null
    left join kaggle
        on changed_tracks.track_id = kaggle.track_id
        and kaggle.energy is not null
        and kaggle.valence is not null
),

final as (
    select
        features.*,
        vibes.vibe
    from features
    left join vibes
        on features.energy >= vibes.energy_from
        and (features.energy < vibes.energy_below or vibes.energy_below is null)
        and features.valence >= vibes.valence_from
        and (features.valence < vibes.valence_below or vibes.valence_below is null)
)

select * from final
