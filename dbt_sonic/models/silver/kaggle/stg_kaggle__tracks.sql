{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ emptied_if_replaced(source('kaggle', 'tracks_features')) }}",
) }}

with

source as (
    select * from {{ source('kaggle', 'tracks_features') }}
    where {{ if_replaced(source('kaggle', 'tracks_features')) }}
),

ranked as (
    select
        *,
        {{ newest_first(['id'], ties=[
            'name', 'artists', 'energy', 'valence', 'danceability', 'tempo', 'duration_ms', 'release_date',
            'album_id'
        ]) }} as recency
    from source
),

final as (
    select
        id as track_id,
        name as track_name,
        album_id,
        album as album_name,
        {{ first_of_list('artist_ids') }} as artist_id,
        {{ first_of_list('artists') }} as artist_name,
        explicit as is_explicit,
        duration_ms,
        {{ partial_date('release_date') }} as release_date,
        nullif({{ adapter.quote('year') }}, 0) as release_year,
        acousticness,
        danceability,
        energy,
        instrumentalness,
        liveness,
        loudness,
        speechiness,
        nullif(tempo, 0) as tempo,
        valence,
        nullif({{ adapter.quote('key') }}, -1) as musical_key,
        {{ adapter.quote('mode') }} as musical_mode,
        cast(loaded_at as {{ dbt.type_timestamp() }}) as loaded_at
    from ranked
    where recency = 1
)

select * from final
