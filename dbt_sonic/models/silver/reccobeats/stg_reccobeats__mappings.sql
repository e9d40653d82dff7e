with

source as (
    select * from {{ source('reccobeats', 'mapping') }}
),

ranked as (
    select
        *,
        {{ newest_first(['track_id']) }} as recency
    from source
),

final as (
    select
        track_id,
        reccobeats_id,
        {{ as_boolean('reccobeats_id is not null') }} as is_known,
        cast(asked_at as {{ dbt.type_timestamp() }}) as asked_at,
        cast(retry_at as {{ dbt.type_timestamp() }}) as retry_at
    from ranked
    where recency = 1
)

select * from final
