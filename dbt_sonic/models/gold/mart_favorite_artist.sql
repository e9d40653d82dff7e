{%- set window = 'partition by favorites.user_id, favorites.window_id, favorites.artist_id' %}

with

window_sums as (
    select * from {{ ref('int_window_sums') }}
),

tracks as (
    select * from {{ ref('dim_track') }}
),

recordings as (
    select
        favorites.*,
        tracks.track_name,
        min(tracks.artist_name) over ({{ window }}) as artist_name,
        sum(favorites.count_plays) over ({{ window }}, favorites.recording_id)
            as count_track_plays,
        sum(favorites.ms_played) over ({{ window }}, favorites.recording_id) as track_ms_played
    from {{ ref('int_favorite_tracks') }} as favorites
    inner join tracks
        on favorites.track_id = tracks.track_id
),

-- A tie in plays and time: the first artist by name; then their track.
ranked as (
    select
        *,
        row_number() over (
            partition by user_id, window_id
            order by
                artist_name asc, artist_id asc, count_track_plays desc, track_ms_played desc,
                track_name asc, recording_id asc, count_plays desc, track_id asc
        ) as preference
    from recordings
),

final as (
    select
        {{ hash_key(composite_id(['ranked.user_id', 'ranked.window_id'])) }} as favorite_artist_key,
        {{ hash_key('ranked.user_id') }} as user_key,
        ranked.window_id,
        ranked.first_date,
        ranked.last_date,
        {{ hash_key('ranked.artist_id') }} as artist_key,
        cast(ranked.count_artist_plays as bigint) as count_plays,
        cast(ranked.artist_ms_played as bigint) as ms_played,
        {{ exact_ratio('ranked.count_artist_plays', 'window_sums.count_plays') }}
            as share_of_plays,
        {{ hash_key('ranked.track_id') }} as track_key,
        cast(ranked.count_track_plays as bigint) as count_track_plays
    from ranked
    inner join window_sums
        on ranked.user_id = window_sums.user_id
        and ranked.window_id = window_sums.window_id
    where ranked.preference = 1
)

select * from final
