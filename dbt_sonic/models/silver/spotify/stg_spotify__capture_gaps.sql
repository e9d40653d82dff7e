with

source as (
    select * from {{ source('spotify', 'capture_gaps') }}
),

ranked as (
    select
        *,
        {{ newest_first(['user_id', 'gap_start', 'gap_end']) }} as recency
    from source
),

final as (
    select
        user_id,
        cast(gap_start as {{ dbt.type_timestamp() }}) as gap_start,
        cast(gap_end as {{ dbt.type_timestamp() }}) as gap_end
    from ranked
    where recency = 1
)

select * from final
