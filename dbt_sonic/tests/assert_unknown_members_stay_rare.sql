-- Unknown members must not hide a broken join. Few activities may have the unknown listener, date
-- or track, few tracks the unknown artist, and no recommendation is unknown. Activities with a name
-- but no id at their source are not counted: local files, and plays of the account data.
{%- set is_named %}
    coalesce(local_file_uri, '') like 'spotify:local:%' or local_file_name is not null
{%- endset %}

with

activities as (
    select
        *,
        case when {{ is_named }} then 1 else 0 end as is_named
    from {{ ref('fct_user_activity') }}
),

shares as (
    select
        count(*) as count_rows,
        avg(case when user_key = -1 then 1.0 else 0.0 end) as share_unknown_users,
        avg(case when local_date_key = -1 then 1.0 else 0.0 end) as share_unknown_dates,
        avg(case when track_key = -1 and is_named = 0 then 1.0 else 0.0 end)
            as share_unknown_tracks,
        avg(case when track_key <> -1 and artist_key = -1 then 1.0 else 0.0 end)
            as share_unknown_artists
    from activities
)

select
    'activities' as problem,
    count_rows
from shares
where
    count_rows >= {{ var('bounds_from_rows') }}
    and (
        share_unknown_users > {{ var('max_unknown_share_user') }}
        or share_unknown_dates > {{ var('max_unknown_share_date') }}
        or share_unknown_tracks > {{ var('max_unknown_share_track') }}
        or share_unknown_artists > {{ var('max_unknown_share_artist') }}
    )
union all
select
    'recommendations' as problem,
    count(*) as count_rows
from {{ ref('mart_discover_next') }}
where track_key = -1 or user_key = -1
having count(*) > 0
