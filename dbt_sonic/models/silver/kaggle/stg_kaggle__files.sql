with

source as (
    select * from {{ source('kaggle', 'files') }}
),

ranked as (
    select
        *,
        {{ newest_first(['sha256']) }} as recency
    from source
),

final as (
    select
        sha256,
        source_file,
        dataset_version,
        size_bytes,
        count_rows,
        cast(captured_at as {{ dbt.type_timestamp() }}) as captured_at,
        cast(loaded_at as {{ dbt.type_timestamp() }}) as loaded_at
    from ranked
    where recency = 1
)

select * from final
