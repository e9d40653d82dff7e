{{ config(materialized='incremental', unique_key='track_id') }}

with

source as (
    select bronze.*
    from {{ source('reccobeats', 'audio_features') }} as bronze
    {{ of_new_keys('bronze', source('reccobeats', 'audio_features'), ['track_id']) }}
),

ranked as (
    select
        *,
        {{ newest_first(['track_id'], ties=['reccobeats_id']) }} as recency
    from source
),

final as (
    select
        track_id,
        reccobeats_id,
        upper(isrc) as isrc,
        acousticness,
        danceability,
        energy,
        instrumentalness,
        liveness,
        loudness,
        speechiness,
        nullif(tempo, 0) as tempo,
        valence,
        nullif(musical_key, -1) as musical_key,
        musical_mode,
        cast(loaded_at as {{ dbt.type_timestamp() }}) as loaded_at
    from ranked
    where recency = 1
)

select * from final
