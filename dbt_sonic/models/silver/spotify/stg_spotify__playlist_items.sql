{%- set key = ['user_id', 'playlist_id', 'snapshot_id', 'position'] %}
{{ config(
    materialized='incremental',
    unique_key=['user_id', 'playlist_id', 'snapshot_id', 'item_position'],
) }}

with

source as (
    select bronze.*
    from {{ source('spotify', 'playlist_items') }} as bronze
    {{ of_new_keys('bronze', source('spotify', 'playlist_items'), key) }}
),

ranked as (
    select
        *,
        min(captured_at) over (
            partition by user_id, playlist_id, snapshot_id, position
        ) as first_captured_at,
        max(captured_at) over (
            partition by user_id, playlist_id, snapshot_id, position
        ) as last_captured_at,
        {{ newest_first(key) }} as recency
    from source
),

final as (
    select
        user_id,
        playlist_id,
        snapshot_id,
        position as item_position,
        item_type,
        track_id,
        track_uri,
        track_name,
        artist_name,
        is_local,
        -- Some old entries have the epoch as their date, others have none.
        nullif(
            cast(added_at as {{ dbt.type_timestamp() }}),
            cast('1970-01-01' as {{ dbt.type_timestamp() }})
        ) as added_at,
        nullif(added_by_id, '') as added_by_id,
        cast(first_captured_at as {{ dbt.type_timestamp() }}) as first_captured_at,
        cast(last_captured_at as {{ dbt.type_timestamp() }}) as last_captured_at,
        cast(loaded_at as {{ dbt.type_timestamp() }}) as loaded_at
    from ranked
    where recency = 1
)

select * from final
