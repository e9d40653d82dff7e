with

clock as (
    select * from {{ ref('stg_sonic__run_clock') }}
),

registered as (
    select * from {{ ref('stg_sonic__listeners') }}
),

listener_offsets as (
    select * from {{ ref('int_listener_offsets') }}
),

days_with_plays as (
    select * from {{ ref('int_listener_days_changed') }}
),

known as (
    select user_id from registered
    union
    select user_id from days_with_plays
),

final as (
    select
        known.user_id,
        cast({{ local_time('clock.as_of', 'listener_offsets') }} as date) as today
    from known
    cross join clock
    left join listener_offsets
        on known.user_id = listener_offsets.user_id
        and clock.as_of >= listener_offsets.valid_from
        and clock.as_of < listener_offsets.valid_to
)

select * from final
