with

source as (
    select * from {{ source('sonic', 'listeners') }}
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
        display_name,
        time_zone,
        app_id,
        cast(connected_at as {{ dbt.type_timestamp() }}) as connected_at,
        token_state,
        cast(loaded_at as {{ dbt.type_timestamp() }}) as loaded_at
    from ranked
    where recency = 1
)

select * from final
