with

playlists as (
    select * from {{ ref('stg_spotify__playlists') }}
),

activities as (
    select * from {{ ref('int_activities') }}
    where playlist_id is not null
),

ranked as (
    -- Several listeners may see one playlist: prefer the owner's view.
    select
        *,
        row_number() over (
            partition by playlist_id
            order by case when user_id = owner_id then 0 else 1 end, user_id
        ) as preference
    from playlists
),

seen as (
    select * from ranked
    where preference = 1
),

named as (
    select playlist_id from seen
    union
    select playlist_id from activities
),

described as (
    select
        named.playlist_id,
        seen.playlist_name,
        seen.playlist_description,
        seen.owner_id,
        seen.is_public,
        seen.is_collaborative,
        seen.count_items,
        seen.image_url,
        seen.spotify_url,
        {{ as_boolean('seen.playlist_id is null') }} as is_inferred
    from named
    left join seen
        on named.playlist_id = seen.playlist_id
),

members as (
    {{ with_unknown_member('described') }}
),

final as (
    select
        {{ hash_key('playlist_id') }} as playlist_key,
        playlist_id,
        coalesce(playlist_name, 'Unknown') as playlist_name,
        playlist_description,
        owner_id,
        is_public,
        is_collaborative,
        count_items,
        image_url,
        spotify_url,
        coalesce(is_inferred, cast(0 as {{ dbt.type_boolean() }})) as is_inferred
    from members
)

select * from final
