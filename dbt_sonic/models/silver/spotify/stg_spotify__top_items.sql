with

source as (
    select * from {{ source('spotify', 'top_items') }}
),

dated as (
    select
        *,
        cast(captured_at as date) as snapshot_date
    from source
),

ranked as (
    select
        *,
        {{ newest_first(['user_id', 'kind', 'term', 'snapshot_date', adapter.quote('rank')]) }}
            as recency
    from dated
),

final as (
    select
        user_id,
        kind,
        term,
        snapshot_date,
        {{ adapter.quote('rank') }} as item_rank,
        item_id,
        item_name
    from ranked
    where recency = 1
)

select * from final
