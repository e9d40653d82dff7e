with

listeners as (
    select * from {{ ref('stg_sonic__listeners') }}
),

profiles as (
    select * from {{ ref('stg_spotify__profiles') }}
),

activities as (
    select * from {{ ref('int_activities') }}
),

named as (
    select user_id from listeners
    union
    select user_id from activities
),

described as (
    select
        named.user_id,
        coalesce(listeners.display_name, profiles.display_name, named.user_id) as display_name,
        listeners.time_zone,
        profiles.country_code,
        profiles.image_url,
        profiles.spotify_url,
        listeners.app_id,
        listeners.connected_at,
        listeners.token_state,
        {{ as_boolean('listeners.user_id is null') }} as is_inferred
    from named
    left join listeners
        on named.user_id = listeners.user_id
    left join profiles
        on named.user_id = profiles.user_id
),

members as (
    {{ with_unknown_member('described') }}
),

final as (
    select
        {{ hash_key('user_id') }} as user_key,
        user_id,
        coalesce(display_name, 'Unknown') as display_name,
        coalesce(time_zone, 'UTC') as time_zone,
        country_code,
        image_url,
        spotify_url,
        app_id,
        connected_at,
        coalesce(token_state, 'unknown') as token_state,
        coalesce(is_inferred, cast(0 as {{ dbt.type_boolean() }})) as is_inferred
    from members
)

select * from final
