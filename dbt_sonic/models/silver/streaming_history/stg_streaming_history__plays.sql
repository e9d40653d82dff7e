{{ config(materialized='incremental', unique_key='play_id') }}

with

source as (
    select bronze.*
    from {{ source('streaming_history', 'plays') }} as bronze
    {{ of_new_keys('bronze', source('streaming_history', 'plays'), ['play_id']) }}
),

ranked as (
    select
        *,
        {{ newest_first(['play_id'], ties=['position']) }} as recency
    from source
),

final as (
    select
        play_id,
        user_id,
        kind,
        cast(ended_at as {{ dbt.type_timestamp() }}) as ended_at,
        cast(ended_at as date) as utc_day,
        {{ add_ms('cast(ended_at as ' ~ dbt.type_timestamp() ~ ')', '-ms_played') }} as started_at,
        ms_played,
        content_type,
        track_id,
        track_uri,
        track_name,
        artist_name,
        album_name,
        episode_name,
        show_name,
        reason_start,
        reason_end,
        is_shuffle,
        is_skipped,
        is_offline,
        is_incognito,
        country,
        platform,
        cast(loaded_at as {{ dbt.type_timestamp() }}) as loaded_at
    from ranked
    where recency = 1
)

-- Exports overlap: skip rows identical to the stored ones.
select * from final
where {{ differs_from_stored('final', 'play_id', [
    'kind', 'ended_at', 'ms_played', 'content_type', 'track_id', 'track_uri', 'track_name',
    'artist_name', 'reason_start', 'reason_end', 'is_shuffle', 'is_skipped', 'is_offline',
]) }}
