-- Only for additions that are in the newest snapshot: the fact holds those taken back as well, so
-- no equality of counts can say that none of these is lost.
with

additions as (
    select * from {{ ref('int_playlist_additions') }}
    where removed_at is null
),

activities as (
    select * from {{ ref('fct_user_activity') }}
)

select
    additions.user_id,
    additions.playlist_id,
    additions.track_uri
from additions
where not exists (
    select 1
    from activities
    where
        activities.activity_type = 'playlist_addition'
        and activities.playlist_id = additions.playlist_id
        and activities.user_key = {{ hash_key('additions.user_id') }}
        and activities.track_key = {{ hash_key('additions.track_id') }}
)
