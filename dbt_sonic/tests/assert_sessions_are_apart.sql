-- The silence between two sessions of a listener is long enough, and every play is in a session.
{%- set gap_ms = var('session_gap_minutes') * 60000 %}

with

sessions as (
    select
        *,
        lag(ended_at) over (
            partition by user_id
            order by ended_at, session_id
        ) as previous_ended_at
    from {{ ref('int_sessions') }}
),

plays as (
    select count(*) as count_plays
    from {{ ref('int_activities') }}
    where activity_type = 'play'
),

counted as (
    select sum(count_all_plays) as count_plays
    from sessions
)

select session_id as problem
from sessions
where {{ epoch_ms('started_at') }} - {{ epoch_ms('previous_ended_at') }} <= {{ gap_ms }}
union all
select 'a play is in no session' as problem
from plays
cross join counted
where plays.count_plays <> coalesce(counted.count_plays, 0)
