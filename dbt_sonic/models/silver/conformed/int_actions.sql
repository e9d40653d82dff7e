{%- set track = 'coalesce(track_id, track_uri)' %}

with

plays as (
    select * from {{ ref('int_plays') }}
),

saves as (
    select * from {{ ref('int_saved_tracks') }}
),

additions as (
    select * from {{ ref('int_playlist_additions') }}
),

play_actions as (
    select
        {{ composite_id(["'play'", 'play_id']) }} as activity_id,
        'play' as activity_type,
        user_id,
        track_id,
        track_uri,
        track_name,
        artist_name,
        is_local,
        started_at,
        played_at as occurred_at,
        case
            when context_uri like 'spotify:playlist:%'
                then replace(context_uri, 'spotify:playlist:', '')
        end as playlist_id,
        context_uri,
        ms_played,
        reason_start,
        reason_end,
        is_shuffle,
        is_offline,
        is_skip,
        cast(0 as {{ dbt.type_boolean() }}) as is_undone,
        origin
    from plays
),

save_actions as (
    select
        {{ composite_id(["'save'", 'user_id', 'track_id']) }} as activity_id,
        'save' as activity_type,
        user_id,
        track_id,
        track_uri,
        track_name,
        artist_name,
        cast(0 as {{ dbt.type_boolean() }}) as is_local,
        cast(null as {{ dbt.type_timestamp() }}) as started_at,
        coalesce(added_at, first_captured_at) as occurred_at,
        cast(null as {{ dbt.type_string() }}) as playlist_id,
        cast(null as {{ dbt.type_string() }}) as context_uri,
        cast(null as {{ dbt.type_bigint() }}) as ms_played,
        cast(null as {{ dbt.type_string() }}) as reason_start,
        cast(null as {{ dbt.type_string() }}) as reason_end,
        cast(null as {{ dbt.type_boolean() }}) as is_shuffle,
        cast(null as {{ dbt.type_boolean() }}) as is_offline,
        cast(null as {{ dbt.type_boolean() }}) as is_skip,
        {{ as_boolean('removed_at is not null') }} as is_undone,
        'api' as origin
    from saves
),

addition_actions as (
    select
        {{ composite_id([
            "'playlist_addition'", 'user_id', track, epoch_ms('added_at'), 'playlist_id', 'copy_number'
        ]) }} as activity_id,
        'playlist_addition' as activity_type,
        user_id,
        track_id,
        track_uri,
        track_name,
        artist_name,
        is_local,
        cast(null as {{ dbt.type_timestamp() }}) as started_at,
        coalesce(added_at, first_captured_at) as occurred_at,
        playlist_id,
        cast(null as {{ dbt.type_string() }}) as context_uri,
        cast(null as {{ dbt.type_bigint() }}) as ms_played,
        cast(null as {{ dbt.type_string() }}) as reason_start,
        cast(null as {{ dbt.type_string() }}) as reason_end,
        cast(null as {{ dbt.type_boolean() }}) as is_shuffle,
        cast(null as {{ dbt.type_boolean() }}) as is_offline,
        cast(null as {{ dbt.type_boolean() }}) as is_skip,
        {{ as_boolean('removed_at is not null') }} as is_undone,
        'api' as origin
    from additions
)

select * from play_actions
union all
select * from save_actions
union all
select * from addition_actions
