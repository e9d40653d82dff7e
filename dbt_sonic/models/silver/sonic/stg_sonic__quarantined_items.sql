with

source as (
    select * from {{ source('sonic', 'quarantine') }}
),

ranked as (
    select
        *,
        {{ newest_first(['source', 'data_type', 'source_file', 'position', 'reason']) }} as recency
    from source
),

final as (
    select
        source as source_name,
        data_type,
        user_id,
        source_file,
        position as item_position,
        reason,
        item as item_json
    from ranked
    where recency = 1
)

select * from final
