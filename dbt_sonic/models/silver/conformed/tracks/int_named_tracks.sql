with

day_tracks as (
    select * from {{ ref('int_listener_day_tracks') }}
    where track_id is not null
),

activities as (
    select * from {{ ref('int_activities') }}
),

recommendations as (
    select * from {{ ml_relation('ml_recommendations') }}
),

clock as (
    select * from {{ ref('stg_sonic__run_clock') }}
),

top_items as (
    select * from {{ ref('stg_spotify__top_items') }}
    where kind = 'tracks' and item_id is not null
),

described as (
    select * from {{ ref('stg_spotify__tracks') }}
    where track_name is not null and artist_id is not null
),

named as (
    select track_id from day_tracks
    union
    select track_id from activities
    where activity_type <> 'play' and track_id is not null
    union
    -- Not the earlier lists: their tracks may be from a catalogue that was replaced.
    select recommendations.track_id
    from recommendations
    inner join clock
        on recommendations.as_of = clock.as_of
    union
    select item_id as track_id from top_items
),

undescribed as (
    select named.track_id
    from named
    left join described
        on named.track_id = described.track_id
    where described.track_id is null
),

-- Tracks that Spotify describes need no name from the activities, which are many.
names as (
    select
        activities.track_id,
        activities.track_name,
        activities.artist_name
    from activities
    inner join undescribed
        on activities.track_id = undescribed.track_id
    union all
    select
        item_id as track_id,
        item_name as track_name,
        cast(null as {{ dbt.type_string() }}) as artist_name
    from top_items
),

final as (
    select
        named.track_id,
        max(names.track_name) as track_name,
        max(names.artist_name) as artist_name
    from named
    left join names
        on named.track_id = names.track_id
    group by named.track_id
)

select * from final
