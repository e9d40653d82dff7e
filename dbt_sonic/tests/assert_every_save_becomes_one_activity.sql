-- As for plays: what Bronze holds of saved tracks, however often captured, is in the fact once.
with

captured as (
    select distinct
        user_id,
        track_id
    from {{ source('spotify', 'saved_tracks') }}
),

expected as (
    select count(*) as count_saves
    from captured
),

actual as (
    select count(*) as count_saves
    from {{ ref('fct_user_activity') }}
    where activity_type = 'save'
)

select
    expected.count_saves as count_captured,
    actual.count_saves as count_in_fact
from expected
cross join actual
where expected.count_saves <> actual.count_saves
