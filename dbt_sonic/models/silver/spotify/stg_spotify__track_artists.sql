{{ config(materialized='incremental', unique_key=['track_id', 'artist_id']) }}

with

source as (
    select bronze.*
    from {{ source('spotify', 'track_artists') }} as bronze
    {{ of_new_keys('bronze', source('spotify', 'track_artists'), ['track_id', 'artist_id']) }}
),

ranked as (
    select
        *,
        {{ newest_first(['track_id', 'artist_id']) }} as recency
    from source
),

final as (
    select
        track_id,
        artist_id,
        artist_name,
        position as artist_position,
        cast(loaded_at as {{ dbt.type_timestamp() }}) as loaded_at
    from ranked
    where recency = 1
)

select * from final
