with

api_plays as (
    select * from {{ ref('stg_spotify__plays') }}
),

final as (
    select
        user_id,
        track_id,
        track_uri,
        track_name,
        artist_name,
        is_local,
        played_at,
        context_uri,
        cast(null as {{ dbt.type_bigint() }}) as ms_played,
        cast(null as {{ dbt.type_boolean() }}) as is_skip,
        'api' as origin
    from api_plays
)

select * from final
