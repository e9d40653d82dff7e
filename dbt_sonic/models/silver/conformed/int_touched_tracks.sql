with

activities as (
    select * from {{ ref('int_activities') }}
    where track_id is not null
),

final as (
    select
        track_id,
        max(track_name) as track_name,
        max(artist_name) as artist_name
    from activities
    group by track_id
)

select * from final
