{{ config(materialized='incremental', unique_key=['user_id', 'playlist_id']) }}

with

source as (
    select bronze.*
    from {{ source('spotify', 'playlists') }} as bronze
    {{ of_new_keys('bronze', source('spotify', 'playlists'), ['user_id', 'playlist_id']) }}
),

ranked as (
    select
        *,
        {{ newest_first(['user_id', 'playlist_id']) }} as recency
    from source
),

final as (
    select
        user_id,
        playlist_id,
        playlist_name,
        description as playlist_description,
        owner_id,
        is_public,
        is_collaborative,
        is_readable,
        snapshot_id,
        count_items,
        image_url,
        spotify_url,
        cast(loaded_at as {{ dbt.type_timestamp() }}) as loaded_at
    from ranked
    where recency = 1
)

select * from final
