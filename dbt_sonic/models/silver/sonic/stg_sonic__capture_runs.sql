with

source as (
    select * from {{ source('sonic', 'capture_runs') }}
),

ranked as (
    select
        *,
        {{ newest_first(['source', 'run_id']) }} as recency
    from source
),

final as (
    select
        source as source_name,
        run_id,
        cast(as_of as {{ dbt.type_timestamp() }}) as as_of,
        cast(captured_at as {{ dbt.type_timestamp() }}) as captured_at,
        count_pages,
        count_items,
        cast(loaded_at as {{ dbt.type_timestamp() }}) as loaded_at
    from ranked
    where recency = 1
)

select * from final
