with

plays as (
    select * from {{ ref('int_plays') }}
),

library_actions as (
    select * from {{ ref('int_library_actions') }}
),

final as (
    select
        {{ composite_id(["'play'", 'play_id']) }} as activity_id,
        'play' as activity_type,
        user_id,
        track_id,
        track_uri,
        track_name,
        artist_name,
        artist_id,
        album_id,
        case
            when context_uri like 'spotify:playlist:%'
                then replace(context_uri, 'spotify:playlist:', '')
        end as playlist_id,
        session_id,
        is_local,
        started_at,
        played_at as occurred_at,
        played_at_local as occurred_at_local,
        utc_day,
        context_uri,
        ms_played,
        reason_start,
        reason_end,
        is_shuffle,
        is_offline,
        is_counted_play,
        is_skip,
        cast(0 as {{ dbt.type_boolean() }}) as is_undone,
        origin,
        loaded_at
    from plays
    union all
    select
        activity_id,
        activity_type,
        user_id,
        track_id,
        track_uri,
        track_name,
        artist_name,
        artist_id,
        album_id,
        playlist_id,
        cast(null as {{ dbt.type_string() }}) as session_id,
        is_local,
        cast(null as {{ dbt.type_timestamp() }}) as started_at,
        occurred_at,
        occurred_at_local,
        cast(occurred_at as date) as utc_day,
        cast(null as {{ dbt.type_string() }}) as context_uri,
        cast(null as {{ dbt.type_bigint() }}) as ms_played,
        cast(null as {{ dbt.type_string() }}) as reason_start,
        cast(null as {{ dbt.type_string() }}) as reason_end,
        cast(null as {{ dbt.type_boolean() }}) as is_shuffle,
        cast(null as {{ dbt.type_boolean() }}) as is_offline,
        cast(0 as {{ dbt.type_boolean() }}) as is_counted_play,
        cast(null as {{ dbt.type_boolean() }}) as is_skip,
        is_undone,
        'api' as origin,
        loaded_at
    from library_actions
)

select * from final
