-- The account of plays from Bronze to Gold: each captured row is in the fact, or is a duplicate, or
-- is left out for a reason that is counted separately.
with

api_plays as (
    select count(*) as count_rows
    from {{ source('spotify', 'plays') }}
    group by user_id, played_at, track_id, track_uri
),

export_plays as (
    select
        max(content_type) as content_type,
        count(*) as count_rows
    from {{ source('streaming_history', 'plays') }}
    group by play_id
),

captured as (
    select
        coalesce(sum(count_rows), 0) as count_captured,
        count(*) as count_api_plays
    from api_plays
),

imported as (
    select
        coalesce(sum(count_rows), 0) as count_imported,
        count(*) as count_export_plays,
        coalesce(sum(case when content_type = 'episode' then 1 else 0 end), 0) as count_episodes,
        coalesce(sum(case when content_type in ('track', 'episode') then 0 else 1 end), 0)
            as count_other_content
    from export_plays
),

matches as (
    select count(*) as count_matches
    from {{ ref('int_play_matches') }}
),

duplicates as (
    select count(*) as count_duplicates
    from {{ ref('int_export_duplicates') }}
),

facts as (
    select count(*) as count_in_fact
    from {{ ref('fct_user_activity') }}
    where activity_type = 'play'
),

account as (
    select
        captured.count_captured + imported.count_imported as count_in_bronze,
        facts.count_in_fact,
        captured.count_captured - captured.count_api_plays as count_captured_again,
        imported.count_imported - imported.count_export_plays as count_imported_again,
        matches.count_matches as count_in_api_and_export,
        duplicates.count_duplicates as count_in_two_kinds_of_export,
        imported.count_episodes as count_rejected_as_episodes,
        imported.count_other_content as count_rejected_as_no_music
    from captured
    cross join imported
    cross join matches
    cross join duplicates
    cross join facts
)

select * from account
where
    count_in_bronze <> count_in_fact + count_captured_again + count_imported_again
    + count_in_api_and_export + count_in_two_kinds_of_export
    + count_rejected_as_episodes + count_rejected_as_no_music
