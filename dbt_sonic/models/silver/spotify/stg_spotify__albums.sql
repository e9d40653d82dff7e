{{ config(materialized='incremental', unique_key='album_id') }}

with

source as (
    select bronze.*
    from {{ source('spotify', 'albums') }} as bronze
    {{ of_new_keys('bronze', source('spotify', 'albums'), ['album_id']) }}
),

ranked as (
    select
        *,
        {{ newest_first(['album_id'], ties=[
            'release_date', 'album_name', 'count_tracks', 'image_url'
        ]) }} as recency
    from source
),

final as (
    select
        album_id,
        album_name,
        album_type,
        {{ partial_date('release_date') }} as release_date,
        release_date_precision,
        count_tracks,
        upc,
        image_url,
        spotify_url,
        cast(loaded_at as {{ dbt.type_timestamp() }}) as loaded_at
    from ranked
    where recency = 1
)

select * from final
