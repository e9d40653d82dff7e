with

listeners as (
    select * from {{ ref('stg_sonic__listeners') }}
),

zone_offsets as (
    select * from {{ ref('stg_sonic__time_zone_offsets') }}
),

final as (
    select
        listeners.user_id,
        zone_offsets.valid_from,
        zone_offsets.valid_to,
        zone_offsets.offset_minutes
    from listeners
    inner join zone_offsets
        on listeners.time_zone = zone_offsets.time_zone
)

select * from final
