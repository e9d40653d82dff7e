{{ config(
    materialized='incremental',
    incremental_strategy='overwrite_days',
    unique_key='activity_key',
    meta={
        'same_day': "stored.activity_type = 'play' and stored.user_key = " ~ hash_key('rebuilt.user_id')
        ~ " and cast(stored.occurred_at as date) = rebuilt.utc_day",
    },
    post_hook="{{ delete_vanished(
        'select ' ~ hash_key('activity_id') ~ ' as activity_key from ' ~ ref('int_library_actions'),
        'activity_key',
        \"activity_type <> 'play'\"
    ) }}",
) }}

with

activities as (
    select activities.*
    from {{ ref('int_activities') }} as activities
    {{ only_days_to_rebuild('activities') }}
    where activities.activity_type = 'play'
    union all
    select * from {{ ref('int_activities') }}
    where activity_type <> 'play' and {{ is_new() }}
),

final as (
    select
        {{ hash_key('activity_id') }} as activity_key,
        activity_type,
        {{ hash_key('user_id') }} as user_key,
        {{ hash_key('track_id') }} as track_key,
        {{ hash_key('artist_id') }} as artist_key,
        {{ hash_key('album_id') }} as album_key,
        {{ hash_key('playlist_id') }} as playlist_key,
        {{ hash_key('session_id') }} as session_key,
        {{ date_key('cast(occurred_at_local as date)') }} as local_date_key,
        {{ time_key('occurred_at_local') }} as local_time_key,
        started_at,
        occurred_at,
        ms_played,
        is_counted_play,
        is_skip,
        is_undone,
        is_shuffle,
        is_offline,
        reason_start,
        reason_end,
        playlist_id,
        context_uri,
        origin,
        case when track_id is null then track_uri end as local_file_uri,
        case when track_id is null then track_name end as local_file_name,
        case when track_id is null then artist_name end as local_file_artist,
        loaded_at
    from activities
)

select * from final
