{%- set track = 'coalesce(track_id, track_uri)' %}

with

saves as (
    select * from {{ ref('int_saved_tracks') }}
),

additions as (
    select * from {{ ref('int_playlist_additions') }}
),

final as (
    select
        {{ composite_id(["'save'", 'user_id', 'track_id']) }} as activity_id,
        'save' as activity_type,
        user_id,
        track_id,
        track_uri,
        track_name,
        artist_name,
        cast(null as {{ dbt.type_string() }}) as playlist_id,
        cast(0 as {{ dbt.type_boolean() }}) as is_local,
        coalesce(added_at, first_captured_at) as occurred_at,
        {{ as_boolean('removed_at is not null') }} as is_undone
    from saves
    union all
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
        playlist_id,
        is_local,
        coalesce(added_at, first_captured_at) as occurred_at,
        {{ as_boolean('removed_at is not null') }} as is_undone
    from additions
)

select * from final
