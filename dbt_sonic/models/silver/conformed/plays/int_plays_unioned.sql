with

api_plays as (
    select * from {{ ref('stg_spotify__plays') }}
),

export_plays as (
    select * from {{ ref('stg_streaming_history__plays') }}
),

final as (
    select
        'api' as origin,
        play_id,
        user_id,
        utc_day,
        track_id,
        lower(track_name) as track_words,
        lower(artist_name) as artist_words,
        played_at as started_at,
        played_at as ended_at,
        loaded_at
    from api_plays
    union all
    select
        case when kind like 'account%' then 'account' else 'export' end as origin,
        play_id,
        user_id,
        utc_day,
        track_id,
        lower(track_name) as track_words,
        lower(artist_name) as artist_words,
        started_at,
        ended_at,
        loaded_at
    from export_plays
    where content_type = 'track'
)

select * from final
