-- Two offsets at one instant would duplicate an activity.
with

zone_offsets as (
    select * from {{ ref('stg_sonic__time_zone_offsets') }}
)

select
    earlier.time_zone,
    earlier.valid_from as earlier_from,
    later.valid_from as later_from
from zone_offsets as earlier
inner join zone_offsets as later
    on earlier.time_zone = later.time_zone
    and earlier.valid_from < later.valid_from
    and earlier.valid_to > later.valid_from
