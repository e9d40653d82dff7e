-- The account of saved tracks from Bronze to Gold: a track is in the fact once, however often it
-- was captured, even after its removal.
with

captured as (
    select * from {{ source('spotify', 'saved_tracks') }}
),

saves as (
    select distinct
        user_id,
        track_id
    from captured
),

counted as (
    select count(*) as count_saves
    from saves
),

captured_rows as (
    select count(*) as count_captured
    from captured
),

facts as (
    select count(*) as count_in_fact
    from {{ ref('fct_user_activity') }}
    where activity_type = 'save'
),

account as (
    select
        captured_rows.count_captured,
        facts.count_in_fact,
        captured_rows.count_captured - counted.count_saves as count_captured_again
    from counted
    cross join captured_rows
    cross join facts
)

select * from account
where count_captured <> count_in_fact + count_captured_again
