with

activities as (
    select * from {{ ref('int_activities') }}
),

tracks as (
    select * from {{ ref('int_tracks') }}
),

final as (
    select
        {{ hash_key('activities.activity_id') }} as activity_key,
        activities.activity_type,
        {{ hash_key('activities.user_id') }} as user_key,
        {{ hash_key('activities.track_id') }} as track_key,
        {{ hash_key('tracks.artist_id') }} as artist_key,
        {{ hash_key('tracks.album_id') }} as album_key,
        {{ hash_key('activities.playlist_id') }} as playlist_key,
        {{ hash_key('activities.session_id') }} as session_key,
        {{ date_key('cast(activities.occurred_at_local as date)') }} as local_date_key,
        {{ time_key('activities.occurred_at_local') }} as local_time_key,
        activities.started_at,
        activities.occurred_at,
        activities.ms_played,
        activities.is_counted_play,
        activities.is_skip,
        activities.is_undone,
        activities.is_shuffle,
        activities.is_offline,
        activities.reason_start,
        activities.reason_end,
        activities.playlist_id,
        activities.context_uri,
        activities.origin,
        case when activities.track_id is null then activities.track_uri end as local_file_uri,
        case when activities.track_id is null then activities.track_name end as local_file_name,
        case when activities.track_id is null then activities.artist_name end as local_file_artist
    from activities
    left join tracks
        on activities.track_id = tracks.track_id
)

select * from final
