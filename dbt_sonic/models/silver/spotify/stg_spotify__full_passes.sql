with

source as (
    select * from {{ source('spotify', 'full_passes') }}
),

ranked as (
    select
        *,
        {{ newest_first(['user_id', 'data_type', 'playlist_id', 'started_at']) }} as recency
    from source
),

final as (
    select
        user_id,
        data_type,
        playlist_id,
        snapshot_id,
        cast(started_at as {{ dbt.type_timestamp() }}) as started_at,
        count_items
    from ranked
    where recency = 1
)

select * from final
