with

links as (
    select * from {{ ref('int_track_links') }}
),

duplicates as (
    select * from {{ ref('int_export_duplicates') }}
),

kinds as (
    select digit as is_by_name
    from {{ ref('digits') }}
    where digit < 2
),

plays as (
    select
        plays.*,
        coalesce(links.recording_id, plays.track_id) as recording_id,
        {{ epoch_ms('plays.started_at') }} as started_ms,
        {{ epoch_ms('plays.ended_at') }} as ended_ms
    from {{ ref('int_plays_unioned') }} as plays
    left join links
        on plays.track_id = links.track_id
    left join duplicates
        on plays.play_id = duplicates.play_id
    where duplicates.play_id is null
),

-- A join, not a union: for two readers an engine may compute the whole CTE before it filters.
final as (
    select
        plays.*,
        kinds.is_by_name,
        case
            when kinds.is_by_name = 0 then plays.recording_id
            else {{ composite_id(['plays.track_words', 'plays.artist_words']) }}
        end as match_key
    from plays
    cross join kinds
    where
        (kinds.is_by_name = 0 and plays.recording_id is not null)
        or (
            kinds.is_by_name = 1
            and plays.track_words is not null
            and plays.artist_words is not null
        )
)

select * from final
