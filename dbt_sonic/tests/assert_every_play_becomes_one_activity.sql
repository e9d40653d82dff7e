-- An identity over the whole way from Bronze: what the API and the export tell of music is a play
-- of the fact, or the same play told twice, by both or by two kinds of export.
with

api_plays as (
    select distinct
        user_id,
        played_at,
        track_id,
        track_uri
    from {{ source('spotify', 'plays') }}
),

export_plays as (
    select distinct
        play_id,
        user_id,
        kind,
        content_type,
        lower(track_name) as track_words,
        lower(artist_name) as artist_words,
        {{ epoch_ms('cast(ended_at as ' ~ dbt.type_timestamp() ~ ')') }} as ended_ms
    from {{ source('streaming_history', 'plays') }}
),

told_twice as (
    select distinct account_plays.play_id
    from export_plays as account_plays
    inner join export_plays as extended_plays
        on account_plays.user_id = extended_plays.user_id
        and account_plays.track_words = extended_plays.track_words
        and account_plays.artist_words = extended_plays.artist_words
        and abs(account_plays.ended_ms - extended_plays.ended_ms)
        <= {{ var('match_tolerance_s') * 1000 }}
    where
        account_plays.kind = 'account_music'
        and account_plays.content_type = 'track'
        and extended_plays.kind not like 'account%'
        and extended_plays.content_type = 'track'
),

told as (
    select count(*) as count_rows from api_plays
    union all
    select count(*) as count_rows from export_plays
),

accounted as (
    select count(*) as count_rows
    from {{ ref('fct_user_activity') }}
    where activity_type = 'play'
    union all
    select count(*) as count_rows from {{ ref('int_play_matches') }}
    union all
    select count(*) as count_rows from told_twice
    union all
    select count(*) as count_rows
    from export_plays
    where content_type <> 'track'
),

told_in_all as (
    select sum(count_rows) as count_rows from told
),

accounted_in_all as (
    select sum(count_rows) as count_rows from accounted
)

select
    told_in_all.count_rows as count_told,
    accounted_in_all.count_rows as count_accounted
from told_in_all
cross join accounted_in_all
where told_in_all.count_rows <> accounted_in_all.count_rows
