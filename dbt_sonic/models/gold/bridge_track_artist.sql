with

tracks as (
    select * from {{ ref('dim_track') }}
),

track_artists as (
    select * from {{ ref('stg_spotify__track_artists') }}
),

credits as (
    select
        tracks.track_id,
        track_artists.artist_id,
        track_artists.artist_position
    from tracks
    inner join track_artists
        on tracks.track_id = track_artists.track_id
    where track_artists.artist_id <> coalesce(tracks.artist_id, '')
    union all
    -- The catalogue has the first artist only; a track without any gets the unknown one.
    select
        track_id,
        artist_id,
        0 as artist_position
    from tracks
    where
        artist_id is not null
        or not exists (
            select 1
            from track_artists
            where track_artists.track_id = tracks.track_id
        )
),

final as (
    select
        {{ hash_key(composite_id(['track_id', 'artist_id'])) }} as track_artist_key,
        {{ hash_key('track_id') }} as track_key,
        {{ hash_key('artist_id') }} as artist_key,
        cast(
            row_number() over (
                partition by track_id
                order by artist_position, artist_id
            ) as int
        ) as artist_position
    from credits
)

select * from final
