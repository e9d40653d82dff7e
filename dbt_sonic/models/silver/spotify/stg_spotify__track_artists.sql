with

source as (
    select * from {{ source('spotify', 'track_artists') }}
),

ranked as (
    select
        *,
        {{ newest_first(['track_id', 'artist_id']) }} as recency
    from source
),

final as (
    select
        track_id,
        artist_id,
        artist_name,
        position as artist_position
    from ranked
    where recency = 1
)

select * from final
