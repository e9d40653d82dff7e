with

source as (
    select * from {{ source('spotify', 'tracks') }}
),

ranked as (
    select
        *,
        {{ newest_first(['track_id']) }} as recency
    from source
),

final as (
    select
        track_id,
        track_name,
        upper(isrc) as isrc,
        album_id,
        artist_id,
        duration_ms,
        is_explicit,
        disc_number,
        track_number,
        popularity,
        spotify_url
    from ranked
    where recency = 1
)

select * from final
