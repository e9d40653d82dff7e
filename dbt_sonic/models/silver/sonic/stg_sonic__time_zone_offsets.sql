with

source as (
    select * from {{ source('sonic', 'time_zone_offsets') }}
),

ranked as (
    select
        *,
        max(captured_at) over (partition by time_zone) as zone_captured_at,
        {{ newest_first(['time_zone', 'valid_from']) }} as recency
    from source
),

final as (
    select
        time_zone,
        cast(valid_from as {{ dbt.type_timestamp() }}) as valid_from,
        cast(valid_to as {{ dbt.type_timestamp() }}) as valid_to,
        offset_minutes
    from ranked
    -- Only the newest capture of a zone: after a new law, older periods would overlap.
    where recency = 1 and captured_at = zone_captured_at
)

select * from final
