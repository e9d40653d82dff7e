{%- set as_of = "'" ~ var('as_of') ~ "'" if var('as_of') else 'as_of' %}

with

source as (
    select * from {{ source('sonic', 'run_clock') }}
),

ranked as (
    select
        *,
        row_number() over (
            order by captured_at desc, source_file desc, run_id desc
        ) as recency
    from source
),

final as (
    select
        run_id,
        cast({{ as_of }} as {{ dbt.type_timestamp() }}) as as_of,
        cast(loaded_at as {{ dbt.type_timestamp() }}) as loaded_at
    from ranked
    where recency = 1
)

select * from final
