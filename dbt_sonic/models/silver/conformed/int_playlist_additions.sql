with

items as (
    select * from {{ ref('stg_spotify__playlist_items') }}
),

playlists as (
    select * from {{ ref('stg_spotify__playlists') }}
),

snapshots as (
    select
        user_id,
        playlist_id,
        snapshot_id,
        row_number() over (
            partition by user_id, playlist_id
            order by max(first_captured_at) desc, snapshot_id desc
        ) as recency
    from items
    group by user_id, playlist_id, snapshot_id
),

own_items as (
    select
        items.*,
        -- An emptied playlist has no items to tell of its newest snapshot.
        case when snapshots.recency = 1 and coalesce(playlists.count_items, 1) > 0 then 1 else 0 end
            as is_there,
        -- The same track added twice in one go: two actions that only their order tells apart.
        row_number() over (
            partition by
                items.user_id, items.playlist_id, items.snapshot_id,
                items.track_id, items.track_uri, items.added_at
            order by items.item_position
        ) as copy_number
    from items
    inner join snapshots
        on items.user_id = snapshots.user_id
        and items.playlist_id = snapshots.playlist_id
        and items.snapshot_id = snapshots.snapshot_id
    left join playlists
        on items.user_id = playlists.user_id
        and items.playlist_id = playlists.playlist_id
    where
        items.item_type = 'track'
        and coalesce(items.added_by_id, playlists.owner_id) = items.user_id
),

final as (
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
        {{ as_boolean('max(is_there) = 0') }} as is_undone,
        min(first_captured_at) as first_captured_at
    from own_items
    group by user_id, playlist_id, track_id, track_uri, is_local, added_at, copy_number
)

select * from final
