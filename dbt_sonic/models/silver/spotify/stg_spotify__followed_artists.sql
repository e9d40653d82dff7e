with

source as (
    select * from {{ source('spotify', 'followed_artists') }}
),

ranked as (
    select
        *,
        min(captured_at) over (partition by user_id, artist_id) as first_captured_at,
        {{ newest_first(['user_id', 'artist_id']) }} as recency
    from source
),

final as (
    select
        user_id,
        artist_id,
        artist_name,
        cast(first_captured_at as {{ dbt.type_timestamp() }}) as first_captured_at,
        cast(captured_at as {{ dbt.type_timestamp() }}) as last_captured_at
    from ranked
    where recency = 1
)

select * from final
