with

links as (
    select * from {{ ref('int_track_links') }}
),

told_twice as (
    select * from {{ ref('int_plays_told_twice') }}
),

plays as (
    select
        plays.*,
        coalesce(links.recording_id, plays.track_id) as recording_id,
        {{ epoch_ms('plays.started_at') }} as started_ms,
        {{ epoch_ms('plays.ended_at') }} as ended_ms
    from {{ ref('int_told_plays') }} as plays
    left join links
        on plays.track_id = links.track_id
    left join told_twice
        on plays.play_id = told_twice.play_id
    where told_twice.play_id is null
),

final as (
    select
        *,
        recording_id as match_key,
        0 as is_by_name
    from plays
    where recording_id is not null
    union all
    select
        *,
        {{ composite_id(['track_words', 'artist_words']) }} as match_key,
        1 as is_by_name
    from plays
    where track_words is not null and artist_words is not null
)

select * from final
