{{ config(materialized='incremental', unique_key=['user_id', 'artist_id']) }}

with

source as (
    select bronze.*
    from {{ source('spotify', 'followed_artists') }} as bronze
    {{ of_new_keys('bronze', source('spotify', 'followed_artists'), ['user_id', 'artist_id']) }}
),

ranked as (
    select
        *,
        min(captured_at) over (partition by user_id, artist_id) as first_captured_at,
        {{ newest_first(['user_id', 'artist_id']) }} as recency
    from source
),

final as (
    select
        user_id,
        artist_id,
        artist_name,
        cast(first_captured_at as {{ dbt.type_timestamp() }}) as first_captured_at,
        cast(captured_at as {{ dbt.type_timestamp() }}) as last_captured_at,
        cast(loaded_at as {{ dbt.type_timestamp() }}) as loaded_at
    from ranked
    where recency = 1
)

select * from final
