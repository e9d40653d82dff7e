with

window_tracks as (
    select * from {{ ref('int_window_tracks') }}
),

windows as (
    select * from {{ ref('int_windows') }}
),

tracks as (
    select * from {{ ref('dim_track') }}
    where artist_id is not null
),

totals as (
    select
        user_id,
        window_id,
        sum(count_plays) as count_window_plays
    from window_tracks
    group by user_id, window_id
),

plays as (
    select
        window_tracks.*,
        tracks.artist_id,
        tracks.artist_name,
        tracks.track_name,
        tracks.recording_id
    from window_tracks
    inner join tracks
        on window_tracks.track_id = tracks.track_id
),

artists as (
    select
        user_id,
        window_id,
        artist_id,
        sum(count_plays) as count_plays,
        sum(ms_played) as ms_played,
        row_number() over (
            partition by user_id, window_id
            order by
                sum(count_plays) desc, sum(ms_played) desc, min(artist_name) asc, artist_id asc
        ) as artist_rank
    from plays
    group by user_id, window_id, artist_id
),

favorites as (
    select * from artists
    where artist_rank = 1
),

recordings as (
    select
        plays.user_id,
        plays.window_id,
        plays.track_id,
        plays.track_name,
        plays.recording_id,
        plays.count_plays,
        sum(plays.count_plays) over (
            partition by plays.user_id, plays.window_id, plays.recording_id
        ) as count_recording_plays,
        sum(plays.ms_played) over (
            partition by plays.user_id, plays.window_id, plays.recording_id
        ) as recording_ms_played
    from plays
    inner join favorites
        on plays.user_id = favorites.user_id
        and plays.window_id = favorites.window_id
        and plays.artist_id = favorites.artist_id
),

ranked as (
    select
        *,
        row_number() over (
            partition by user_id, window_id
            order by
                count_recording_plays desc, recording_ms_played desc, track_name asc,
                recording_id asc, count_plays desc, track_id asc
        ) as track_rank
    from recordings
),

final as (
    select
        {{ hash_key(composite_id(['favorites.user_id', 'favorites.window_id'])) }}
            as favorite_artist_key,
        {{ hash_key('favorites.user_id') }} as user_key,
        favorites.window_id,
        windows.first_date,
        windows.last_date,
        {{ hash_key('favorites.artist_id') }} as artist_key,
        cast(favorites.count_plays as bigint) as count_plays,
        cast(favorites.ms_played as bigint) as ms_played,
        cast(favorites.count_plays as {{ type_double() }}) / totals.count_window_plays
            as share_of_plays,
        {{ hash_key('ranked.track_id') }} as track_key,
        cast(ranked.count_recording_plays as bigint) as count_track_plays
    from favorites
    inner join windows
        on favorites.user_id = windows.user_id
        and favorites.window_id = windows.window_id
    inner join totals
        on favorites.user_id = totals.user_id
        and favorites.window_id = totals.window_id
    inner join ranked
        on favorites.user_id = ranked.user_id
        and favorites.window_id = ranked.window_id
        and ranked.track_rank = 1
)

select * from final
