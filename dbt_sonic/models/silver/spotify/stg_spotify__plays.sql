with

source as (
    select * from {{ source('spotify', 'plays') }}
),

ranked as (
    select
        *,
        {{ newest_first(['user_id', 'played_at', 'track_id', 'track_uri']) }} as recency
    from source
),

final as (
    select
        {{ composite_id(['user_id', 'coalesce(track_id, track_uri)', epoch_ms('played_at')]) }}
            as play_id,
        user_id,
        cast(played_at as {{ dbt.type_timestamp() }}) as played_at,
        track_id,
        track_uri,
        track_name,
        artist_name,
        is_local,
        context_type,
        context_uri
    from ranked
    where recency = 1
)

select * from final
