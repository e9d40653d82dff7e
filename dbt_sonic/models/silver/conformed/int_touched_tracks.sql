with

activities as (
    select * from {{ ref('int_activities') }}
    where track_id is not null
),

day_tracks as (
    select * from {{ ref('int_listener_day_tracks') }}
    where track_id is not null
),

library_actions as (
    select * from {{ ref('int_library_actions') }}
    where track_id is not null
),

described as (
    select * from {{ ref('int_tracks') }}
    where track_name is not null and artist_name is not null
),

touched as (
    select track_id from day_tracks
    union
    select track_id from library_actions
),

-- What is described needs no names from what was done, which are many.
named as (
    select
        activities.track_id,
        max(activities.track_name) as track_name,
        max(activities.artist_name) as artist_name
    from activities
    left join described
        on activities.track_id = described.track_id
    where described.track_id is null
    group by activities.track_id
),

final as (
    select
        touched.track_id,
        named.track_name,
        named.artist_name
    from touched
    left join named
        on touched.track_id = named.track_id
)

select * from final
