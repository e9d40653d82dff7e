with

source as (
    select * from {{ source('streaming_history', 'plays') }}
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
        platform
    from ranked
    where recency = 1
)

select * from final
