with

tracks as (
    select * from {{ ref('stg_spotify__tracks') }}
),

track_artists as (
    select * from {{ ref('stg_spotify__track_artists') }}
),

albums as (
    select * from {{ ref('stg_spotify__albums') }}
),

catalogue as (
    select * from {{ ref('stg_kaggle__tracks') }}
),

described_by_spotify as (
    select
        tracks.track_id,
        tracks.track_name,
        tracks.isrc,
        tracks.artist_id,
        track_artists.artist_name,
        tracks.album_id,
        albums.album_name,
        albums.release_date,
        year(albums.release_date) as release_year,
        tracks.duration_ms,
        tracks.is_explicit,
        tracks.spotify_url,
        'spotify' as described_by
    from tracks
    left join track_artists
        on tracks.track_id = track_artists.track_id
        and tracks.artist_id = track_artists.artist_id
    left join albums
        on tracks.album_id = albums.album_id
),

described_by_catalogue as (
    select
        track_id,
        track_name,
        cast(null as {{ dbt.type_string() }}) as isrc,
        artist_id,
        artist_name,
        album_id,
        album_name,
        release_date,
        coalesce(release_year, year(release_date)) as release_year,
        duration_ms,
        is_explicit,
        cast(null as {{ dbt.type_string() }}) as spotify_url,
        'catalogue' as described_by
    from catalogue
    where not exists (
        select 1
        from tracks
        where tracks.track_id = catalogue.track_id
    )
),

final as (
    select * from described_by_spotify
    union all
    select * from described_by_catalogue
)

select * from final
