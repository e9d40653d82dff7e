with

source as (
    select * from {{ source('spotify', 'artists') }}
),

ranked as (
    select
        *,
        {{ newest_first(['artist_id'], prefer='is_full') }} as recency
    from source
),

final as (
    select
        artist_id,
        artist_name,
        image_url,
        spotify_url,
        genres as genres_json,
        popularity,
        is_full
    from ranked
    where recency = 1
)

select * from final
