with

day_tracks as (
    select * from {{ ref('int_listener_day_tracks') }}
    where count_plays > 0
),

windows as (
    select * from {{ ref('int_windows') }}
),

final as (
    select
        windows.user_id,
        windows.window_id,
        day_tracks.track_id,
        sum(day_tracks.count_plays) as count_plays,
        sum(day_tracks.ms_played) as ms_played
    from windows
    inner join day_tracks
        on windows.user_id = day_tracks.user_id
        and windows.first_date <= day_tracks.local_date
        and windows.last_date >= day_tracks.local_date
    group by windows.user_id, windows.window_id, day_tracks.track_id
)

select * from final
