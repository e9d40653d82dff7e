{%- set recording = 'partition by plays.user_id, plays.window_id, plays.recording_id' %}

with

tracks as (
    select * from {{ ref('dim_track') }}
    where artist_id is not null
),

window_sums as (
    select * from {{ ref('int_window_sums') }}
),

plays as (
    select
        window_tracks.*,
        tracks.artist_id,
        tracks.artist_name,
        tracks.track_name,
        tracks.recording_id
    from {{ ref('int_window_tracks') }} as window_tracks
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

recordings as (
    select
        artists.*,
        plays.track_id,
        plays.track_name,
        plays.recording_id,
        plays.count_plays as count_id_plays,
        sum(plays.count_plays) over ({{ recording }}) as count_track_plays,
        sum(plays.ms_played) over ({{ recording }}) as track_ms_played
    from artists
    inner join plays
        on artists.user_id = plays.user_id
        and artists.window_id = plays.window_id
        and artists.artist_id = plays.artist_id
    where artists.artist_rank = 1
),

ranked as (
    select
        *,
        row_number() over (
            partition by user_id, window_id
            order by
                count_track_plays desc, track_ms_played desc, track_name asc,
                recording_id asc, count_id_plays desc, track_id asc
        ) as track_rank
    from recordings
),

final as (
    select
        {{ hash_key(composite_id(['ranked.user_id', 'ranked.window_id'])) }} as favorite_artist_key,
        {{ hash_key('ranked.user_id') }} as user_key,
        ranked.window_id,
        window_sums.first_date,
        window_sums.last_date,
        {{ hash_key('ranked.artist_id') }} as artist_key,
        cast(ranked.count_plays as bigint) as count_plays,
        cast(ranked.ms_played as bigint) as ms_played,
        {{ exact_ratio('ranked.count_plays', 'window_sums.count_plays') }} as share_of_plays,
        {{ hash_key('ranked.track_id') }} as track_key,
        cast(ranked.count_track_plays as bigint) as count_track_plays
    from ranked
    inner join window_sums
        on ranked.user_id = window_sums.user_id
        and ranked.window_id = window_sums.window_id
    where ranked.track_rank = 1
)

select * from final
