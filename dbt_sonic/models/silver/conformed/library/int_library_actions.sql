{{ config(
    materialized='incremental',
    unique_key='activity_id',
    post_hook="{{ delete_vanished(
        'select activity_id from ' ~ ref('int_saves_and_additions'), 'activity_id'
    ) }}",
) }}

with

actions as (
    select * from {{ ref('int_saves_and_additions') }}
),

links as (
    select * from {{ ref('int_track_links') }}
),

catalogue as (
    select * from {{ ref('stg_kaggle__tracks') }}
),

listener_offsets as (
    select * from {{ ref('int_listener_offsets') }}
),

newest_load as (
    select * from {{ ref('int_newest_load') }}
),

final as (
    select
        actions.activity_id,
        actions.activity_type,
        actions.user_id,
        actions.track_id,
        actions.track_uri,
        actions.track_name,
        actions.artist_name,
        coalesce(links.artist_id, catalogue.artist_id) as artist_id,
        coalesce(links.album_id, catalogue.album_id) as album_id,
        actions.playlist_id,
        actions.is_local,
        actions.occurred_at,
        {{ local_time('actions.occurred_at', 'listener_offsets') }} as occurred_at_local,
        actions.is_undone,
        newest_load.loaded_at
    from actions
    cross join newest_load
    left join links
        on actions.track_id = links.track_id
    left join catalogue
        on actions.track_id = catalogue.track_id
    left join listener_offsets
        on actions.user_id = listener_offsets.user_id
        and actions.occurred_at >= listener_offsets.valid_from
        and actions.occurred_at < listener_offsets.valid_to
)

select * from final
where {{ differs_from_stored('final', 'activity_id', [
    'track_name', 'artist_name', 'artist_id', 'album_id', 'occurred_at', 'occurred_at_local',
    'is_undone',
]) }}
