-- The account of playlist items from Bronze to Gold. An entry is one action in the fact, however
-- many snapshots have it. Two copies added at one instant are two actions. Entries that are no
-- action of the listener are left out for a reason that is counted separately.
with

captured as (
    select * from {{ source('spotify', 'playlist_items') }}
),

entries as (
    select
        user_id,
        playlist_id,
        snapshot_id,
        position,
        max(item_type) as item_type,
        max(track_id) as track_id,
        max(track_uri) as track_uri,
        nullif(max(added_at), cast('1970-01-01' as {{ dbt.type_timestamp() }})) as added_at,
        nullif(max(added_by_id), '') as added_by_id
    from captured
    group by user_id, playlist_id, snapshot_id, position
),

sorted_entries as (
    select
        entries.*,
        case
            when entries.item_type is null then 'nothing there'
            when entries.item_type <> 'track' then 'no music'
            when coalesce(entries.added_by_id, playlists.owner_id) = entries.user_id then 'own'
            else 'added by another user'
        end as kind
    from entries
    left join {{ ref('stg_spotify__playlists') }} as playlists
        on entries.user_id = playlists.user_id
        and entries.playlist_id = playlists.playlist_id
),

copies as (
    select
        user_id,
        playlist_id,
        track_id,
        track_uri,
        added_at,
        snapshot_id,
        count(*) as count_copies
    from sorted_entries
    where kind = 'own'
    group by user_id, playlist_id, track_id, track_uri, added_at, snapshot_id
),

additions as (
    select max(count_copies) as count_copies
    from copies
    group by user_id, playlist_id, track_id, track_uri, added_at
),

counted as (
    select
        count(*) as count_entries,
        coalesce(sum(case when kind = 'own' then 1 else 0 end), 0) as count_own,
        coalesce(sum(case when kind = 'added by another user' then 1 else 0 end), 0)
            as count_rejected_as_another_users,
        coalesce(sum(case when kind = 'no music' then 1 else 0 end), 0)
            as count_rejected_as_no_music,
        coalesce(sum(case when kind = 'nothing there' then 1 else 0 end), 0)
            as count_rejected_as_nothing_there
    from sorted_entries
),

distinct_additions as (
    select coalesce(sum(count_copies), 0) as count_additions
    from additions
),

captured_rows as (
    select count(*) as count_captured
    from captured
),

facts as (
    select count(*) as count_in_fact
    from {{ ref('fct_user_activity') }}
    where activity_type = 'playlist_addition'
),

account as (
    select
        captured_rows.count_captured,
        facts.count_in_fact,
        captured_rows.count_captured - counted.count_entries as count_captured_again,
        counted.count_own - distinct_additions.count_additions as count_in_another_snapshot,
        counted.count_rejected_as_another_users,
        counted.count_rejected_as_no_music,
        counted.count_rejected_as_nothing_there
    from counted
    cross join distinct_additions
    cross join captured_rows
    cross join facts
)

select * from account
where
    count_captured <> count_in_fact + count_captured_again + count_in_another_snapshot
    + count_rejected_as_another_users + count_rejected_as_no_music
    + count_rejected_as_nothing_there
