{%- set unique_key = ['user_id', 'kind', 'term', 'snapshot_date', 'item_rank'] %}
{{ config(materialized='incremental', unique_key=unique_key) }}

{%- set dated -%}
(
    select
        *,
        {{ adapter.quote('rank') }} as item_rank,
        cast(captured_at as date) as snapshot_date
    from {{ source('spotify', 'top_items') }}
)
{%- endset %}

with

source as (
    select bronze.*
    from {{ dated }} as bronze
    {{ of_new_keys('bronze', dated ~ ' as dated', unique_key) }}
),

ranked as (
    select
        *,
        {{ newest_first(unique_key) }} as recency
    from source
),

final as (
    select
        user_id,
        kind,
        term,
        snapshot_date,
        item_rank,
        item_id,
        item_name,
        cast(loaded_at as {{ dbt.type_timestamp() }}) as loaded_at
    from ranked
    where recency = 1
)

select * from final
