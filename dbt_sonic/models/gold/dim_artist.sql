with

artists as (
    select * from {{ ref('stg_spotify__artists') }}
),

tracks as (
    select * from {{ ref('dim_track') }}
),

named as (
    select
        artist_id,
        max(artist_name) as artist_name
    from tracks
    where artist_id is not null
    group by artist_id
),

described as (
    select
        coalesce(artists.artist_id, named.artist_id) as artist_id,
        coalesce(artists.artist_name, named.artist_name) as artist_name,
        artists.image_url,
        artists.spotify_url,
        {{ as_boolean('artists.artist_id is null') }} as is_inferred
    from artists
    full outer join named
        on artists.artist_id = named.artist_id
),

members as (
    {{ with_unknown_member('described') }}
),

final as (
    select
        {{ hash_key('artist_id') }} as artist_key,
        artist_id,
        coalesce(artist_name, 'Unknown') as artist_name,
        image_url,
        spotify_url,
        coalesce(is_inferred, cast(0 as {{ dbt.type_boolean() }})) as is_inferred
    from members
)

select * from final
