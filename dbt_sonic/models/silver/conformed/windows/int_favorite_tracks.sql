with

day_tracks as (
    select * from {{ ref('int_listener_day_tracks') }}
    where count_plays > 0 and artist_id is not null
),

windows as (
    select * from {{ ref('int_windows') }}
),

artists as (
    select
        windows.user_id,
        windows.window_id,
        windows.first_date,
        windows.last_date,
        day_tracks.artist_id,
        {{ whole_sum('day_tracks.count_plays') }} as count_artist_plays,
        {{ whole_sum('day_tracks.ms_played') }} as artist_ms_played
    from windows
    inner join day_tracks
        on windows.user_id = day_tracks.user_id
        and windows.first_date <= day_tracks.local_date
        and windows.last_date >= day_tracks.local_date
    group by
        windows.user_id, windows.window_id, windows.first_date, windows.last_date,
        day_tracks.artist_id
),

ranked as (
    select
        *,
        rank() over (
            partition by user_id, window_id
            order by count_artist_plays desc, artist_ms_played desc
        ) as artist_rank
    from artists
),

final as (
    select
        ranked.user_id,
        ranked.window_id,
        ranked.first_date,
        ranked.last_date,
        ranked.artist_id,
        ranked.count_artist_plays,
        ranked.artist_ms_played,
        day_tracks.recording_id,
        day_tracks.track_id,
        {{ whole_sum('day_tracks.count_plays') }} as count_plays,
        {{ whole_sum('day_tracks.ms_played') }} as ms_played
    from ranked
    inner join day_tracks
        on ranked.user_id = day_tracks.user_id
        and ranked.artist_id = day_tracks.artist_id
        and ranked.first_date <= day_tracks.local_date
        and ranked.last_date >= day_tracks.local_date
    where ranked.artist_rank = 1
    group by
        ranked.user_id, ranked.window_id, ranked.first_date, ranked.last_date, ranked.artist_id,
        ranked.count_artist_plays, ranked.artist_ms_played, day_tracks.recording_id,
        day_tracks.track_id
)

select * from final
