{{ config(materialized='incremental', unique_key='artist_id') }}

with

source as (
    select bronze.*
    from {{ source('spotify', 'artists') }} as bronze
    {{ of_new_keys('bronze', source('spotify', 'artists'), ['artist_id']) }}
),

ranked as (
    select
        *,
        {{ newest_first(['artist_id'], prefer='is_full', ties=[
            'artist_name', 'image_url'
        ]) }} as recency
    from source
),

final as (
    select
        artist_id,
        artist_name,
        image_url,
        spotify_url,
        genres as genres_json,
        popularity,
        is_full,
        cast(loaded_at as {{ dbt.type_timestamp() }}) as loaded_at
    from ranked
    where recency = 1
)

select * from final
