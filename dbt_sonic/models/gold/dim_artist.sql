with

artists as (
    select * from {{ ref('stg_spotify__artists') }}
),

tracks as (
    select * from {{ ref('dim_track') }}
    where artist_id is not null
),

track_artists as (
    select * from {{ ref('stg_spotify__track_artists') }}
),

top_items as (
    select * from {{ ref('stg_spotify__top_items') }}
    where kind = 'artists' and item_id is not null
),

followed as (
    select * from {{ ref('stg_spotify__followed_artists') }}
),

mentions as (
    select
        artist_id,
        artist_name,
        case when is_inferred = cast(1 as {{ dbt.type_boolean() }}) then 0 else 1 end as described
    from tracks
    union all
    select
        artist_id,
        artist_name,
        1 as described
    from track_artists
    union all
    select
        item_id as artist_id,
        item_name as artist_name,
        0 as described
    from top_items
    union all
    select
        artist_id,
        artist_name,
        0 as described
    from followed
),

named as (
    select
        artist_id,
        max(artist_name) as artist_name,
        max(described) as described
    from mentions
    group by artist_id
),

described as (
    select
        coalesce(artists.artist_id, named.artist_id) as artist_id,
        coalesce(artists.artist_name, named.artist_name) as artist_name,
        artists.image_url,
        artists.spotify_url,
        {{ as_boolean('artists.artist_id is null and named.described = 0') }} as is_inferred
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
