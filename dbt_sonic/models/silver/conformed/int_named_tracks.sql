with

touched as (
    select * from {{ ref('int_touched_tracks') }}
),

recommendations as (
    select * from {{ ref('ml_recommendations') }}
),

clock as (
    select * from {{ ref('stg_sonic__run_clock') }}
),

top_items as (
    select * from {{ ref('stg_spotify__top_items') }}
    where kind = 'tracks' and item_id is not null
),

mentions as (
    select
        track_id,
        track_name,
        artist_name
    from touched
    union all
    -- Earlier lists are left out: their tracks may be of a catalogue that was replaced.
    select
        recommendations.track_id,
        cast(null as {{ dbt.type_string() }}) as track_name,
        cast(null as {{ dbt.type_string() }}) as artist_name
    from recommendations
    inner join clock
        on recommendations.as_of = clock.as_of
    union all
    select
        item_id as track_id,
        item_name as track_name,
        cast(null as {{ dbt.type_string() }}) as artist_name
    from top_items
),

final as (
    select
        track_id,
        max(track_name) as track_name,
        max(artist_name) as artist_name
    from mentions
    group by track_id
)

select * from final
