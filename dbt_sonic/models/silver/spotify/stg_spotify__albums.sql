with

source as (
    select * from {{ source('spotify', 'albums') }}
),

ranked as (
    select
        *,
        {{ newest_first(['album_id']) }} as recency
    from source
),

final as (
    select
        album_id,
        album_name,
        album_type,
        {{ partial_date('release_date') }} as release_date,
        release_date_precision,
        count_tracks,
        upc,
        image_url,
        spotify_url
    from ranked
    where recency = 1
)

select * from final
