-- Unknown must not hide a broken join. Every activity has a listener, only what has no id is an
-- unknown track, and only few tracks (var max_unknown_share) lead to no artist.
with

activities as (
    select * from {{ ref('fct_user_activity') }}
),

shares as (
    select
        sum(case when user_key = -1 then 1 else 0 end) as count_unknown_users,
        sum(case when track_key = -1 and local_file_uri is null then 1 else 0 end)
            as count_lost_tracks,
        avg(case when track_key <> -1 and artist_key = -1 then 1.0 else 0.0 end)
            as share_unknown_artists
    from activities
)

select * from shares
where
    count_unknown_users > 0
    or count_lost_tracks > 0
    or share_unknown_artists > {{ var('max_unknown_share') }}
