with

albums as (
    select * from {{ ref('stg_spotify__albums') }}
),

tracks as (
    select * from {{ ref('dim_track') }}
    where album_id is not null
),

named as (
    select
        album_id,
        max(album_name) as album_name,
        min(release_date) as release_date
    from tracks
    group by album_id
),

described as (
    select
        coalesce(albums.album_id, named.album_id) as album_id,
        coalesce(albums.album_name, named.album_name) as album_name,
        albums.album_type,
        coalesce(albums.release_date, named.release_date) as release_date,
        albums.count_tracks,
        albums.upc,
        albums.image_url,
        albums.spotify_url,
        {{ as_boolean('albums.album_id is null and named.album_name is null') }} as is_inferred
    from albums
    full outer join named
        on albums.album_id = named.album_id
),

members as (
    {{ with_unknown_member('described') }}
),

final as (
    select
        {{ hash_key('album_id') }} as album_key,
        album_id,
        coalesce(album_name, 'Unknown') as album_name,
        coalesce(album_type, 'unknown') as album_type,
        release_date,
        count_tracks,
        upc,
        image_url,
        spotify_url,
        coalesce(is_inferred, cast(0 as {{ dbt.type_boolean() }})) as is_inferred
    from members
)

select * from final
