with

items as (
    select * from {{ ref('stg_spotify__playlist_items') }}
),

playlists as (
    select * from {{ ref('stg_spotify__playlists') }}
),

full_syncs as (
    select * from {{ ref('stg_spotify__full_passes') }}
    where data_type = 'playlist_items'
),

own_items as (
    select
        items.*,
        -- One track added twice at one instant: two actions, distinguished only by their order.
        row_number() over (
            partition by
                items.user_id, items.playlist_id, items.snapshot_id,
                items.track_id, items.track_uri, items.added_at
            order by items.item_position
        ) as copy_number
    from items
    left join playlists
        on items.user_id = playlists.user_id
        and items.playlist_id = playlists.playlist_id
    where
        items.item_type = 'track'
        and coalesce(items.added_by_id, playlists.owner_id) = items.user_id
),

additions as (
    select
        user_id,
        playlist_id,
        track_id,
        track_uri,
        is_local,
        added_at,
        copy_number,
        max(track_name) as track_name,
        max(artist_name) as artist_name,
        min(first_captured_at) as first_captured_at,
        max(last_captured_at) as last_captured_at
    from own_items
    group by user_id, playlist_id, track_id, track_uri, is_local, added_at, copy_number
),

final as (
    select
        additions.user_id,
        additions.playlist_id,
        additions.track_id,
        additions.track_uri,
        additions.is_local,
        additions.added_at,
        additions.copy_number,
        additions.track_name,
        additions.artist_name,
        additions.first_captured_at,
        min(full_syncs.started_at) as removed_at
    from additions
    left join full_syncs
        on additions.user_id = full_syncs.user_id
        and additions.playlist_id = full_syncs.playlist_id
        and additions.last_captured_at < full_syncs.started_at
    group by
        additions.user_id, additions.playlist_id, additions.track_id, additions.track_uri,
        additions.is_local, additions.added_at, additions.copy_number, additions.track_name,
        additions.artist_name, additions.first_captured_at
)

select * from final
