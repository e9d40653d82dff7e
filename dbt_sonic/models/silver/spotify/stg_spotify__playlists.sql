with

source as (
    select * from {{ source('spotify', 'playlists') }}
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
        spotify_url
    from ranked
    where recency = 1
)

select * from final
