{{ config(materialized='incremental', unique_key='save_id') }}

with

source as (
    select bronze.*
    from {{ source('spotify', 'saved_tracks') }} as bronze
    {{ of_new_keys('bronze', source('spotify', 'saved_tracks'), ['user_id', 'track_id']) }}
),

ranked as (
    select
        *,
        min(captured_at) over (partition by user_id, track_id) as first_captured_at,
        max(captured_at) over (partition by user_id, track_id) as last_captured_at,
        {{ newest_first(['user_id', 'track_id']) }} as recency
    from source
),

final as (
    select
        {{ composite_id(['user_id', 'coalesce(track_id, track_uri)']) }} as save_id,
        user_id,
        track_id,
        track_uri,
        track_name,
        artist_name,
        cast(added_at as {{ dbt.type_timestamp() }}) as added_at,
        cast(first_captured_at as {{ dbt.type_timestamp() }}) as first_captured_at,
        cast(last_captured_at as {{ dbt.type_timestamp() }}) as last_captured_at,
        cast(loaded_at as {{ dbt.type_timestamp() }}) as loaded_at
    from ranked
    where recency = 1
)

select * from final
