with

source as (
    select * from {{ source('spotify', 'profiles') }}
),

ranked as (
    select
        *,
        {{ newest_first(['user_id']) }} as recency
    from source
),

final as (
    select
        user_id,
        account_id,
        display_name,
        country as country_code,
        product,
        image_url,
        spotify_url
    from ranked
    where recency = 1
)

select * from final
