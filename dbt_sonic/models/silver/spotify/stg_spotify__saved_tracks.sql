with

source as (
    select * from {{ source('spotify', 'saved_tracks') }}
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
        user_id,
        track_id,
        track_uri,
        track_name,
        artist_name,
        cast(added_at as {{ dbt.type_timestamp() }}) as added_at,
        cast(first_captured_at as {{ dbt.type_timestamp() }}) as first_captured_at,
        cast(last_captured_at as {{ dbt.type_timestamp() }}) as last_captured_at
    from ranked
    where recency = 1
)

select * from final
