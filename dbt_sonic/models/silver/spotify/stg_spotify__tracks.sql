{{ config(materialized='incremental', unique_key='track_id') }}

with

source as (
    select bronze.*
    from {{ source('spotify', 'tracks') }} as bronze
    {{ of_new_keys('bronze', source('spotify', 'tracks'), ['track_id']) }}
),

ranked as (
    select
        *,
        {{ newest_first(['track_id'], ties=[
            'album_id', 'track_number', 'duration_ms', 'track_name'
        ]) }} as recency
    from source
),

final as (
    select
        track_id,
        track_name,
        upper(isrc) as isrc,
        album_id,
        artist_id,
        duration_ms,
        is_explicit,
        disc_number,
        track_number,
        popularity,
        spotify_url,
        cast(loaded_at as {{ dbt.type_timestamp() }}) as loaded_at
    from ranked
    where recency = 1
)

select * from final
