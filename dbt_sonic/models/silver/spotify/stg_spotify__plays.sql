{%- set key = ['user_id', 'played_at', 'track_id', 'track_uri'] %}
{{ config(materialized='incremental', unique_key='play_id') }}

with

source as (
    select bronze.*
    from {{ source('spotify', 'plays') }} as bronze
    {{ of_new_keys('bronze', source('spotify', 'plays'), key) }}
),

ranked as (
    select
        *,
        {{ newest_first(key) }} as recency
    from source
),

final as (
    select
        {{ composite_id(['user_id', 'coalesce(track_id, track_uri)', epoch_ms('played_at')]) }}
            as play_id,
        user_id,
        cast(played_at as {{ dbt.type_timestamp() }}) as played_at,
        cast(played_at as date) as utc_day,
        track_id,
        track_uri,
        track_name,
        artist_name,
        is_local,
        context_type,
        context_uri,
        cast(loaded_at as {{ dbt.type_timestamp() }}) as loaded_at
    from ranked
    where recency = 1
)

-- Captures overlap: skip rows identical to the stored ones.
select * from final
where {{ differs_from_stored('final', 'play_id', ['track_name', 'artist_name', 'context_uri']) }}
