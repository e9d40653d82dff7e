{{ config(materialized='incremental', unique_key='user_id') }}

with

source as (
    select bronze.*
    from {{ source('spotify', 'profiles') }} as bronze
    {{ of_new_keys('bronze', source('spotify', 'profiles'), ['user_id']) }}
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
        account_id,
        display_name,
        country as country_code,
        product,
        image_url,
        spotify_url,
        cast(loaded_at as {{ dbt.type_timestamp() }}) as loaded_at
    from ranked
    where recency = 1
)

select * from final
