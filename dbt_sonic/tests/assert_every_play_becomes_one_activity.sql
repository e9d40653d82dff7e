-- An identity over the whole way from Bronze: a join that drops or doubles plays passes every
-- generic test on the fact.
with

captured as (
    select distinct
        user_id,
        played_at,
        track_id,
        track_uri
    from {{ source('spotify', 'plays') }}
),

expected as (
    select count(*) as count_plays
    from captured
),

actual as (
    select count(*) as count_plays
    from {{ ref('fct_user_activity') }}
    where activity_type = 'play'
)

select
    expected.count_plays as count_captured,
    actual.count_plays as count_in_fact
from expected
cross join actual
where expected.count_plays <> actual.count_plays
