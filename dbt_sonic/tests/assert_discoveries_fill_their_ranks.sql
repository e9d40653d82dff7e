-- Ranks have no gaps from 1. There are fifteen as long as the catalogue has fifteen artists that
-- the listener neither played nor was recommended: one track of each would be enough.
with

listeners as (
    select * from {{ ref('stg_sonic__listeners') }}
),

catalogue as (
    select * from {{ ref('ml_catalogue_features') }}
),

discoveries as (
    select
        user_key,
        count(*) as count_ranks,
        max(recommendation_rank) as last_rank
    from {{ ref('mart_discover_next') }}
    group by user_key
),

used_artists as (
    select
        signals.user_id,
        catalogue.artist_name
    from {{ ref('ml_listener_signal') }} as signals
    inner join catalogue
        on signals.artist_name = catalogue.artist_name
    union
    select
        recommendations.user_id,
        catalogue.artist_name
    from {{ ml_relation('ml_recommendations') }} as recommendations
    inner join catalogue
        on recommendations.track_id = catalogue.track_id
),

used as (
    select
        user_id,
        count(*) as count_used
    from used_artists
    group by user_id
),

pool as (
    select count(distinct artist_name) as count_artists
    from catalogue
)

select
    listeners.user_id,
    discoveries.count_ranks,
    discoveries.last_rank
from listeners
cross join pool
left join used
    on listeners.user_id = used.user_id
left join discoveries
    on {{ hash_key('listeners.user_id') }} = discoveries.user_key
where
    discoveries.last_rank <> discoveries.count_ranks
    or discoveries.last_rank > {{ var('recommendations_per_listener') }}
    or (
        coalesce(discoveries.count_ranks, 0) < {{ var('recommendations_per_listener') }}
        and pool.count_artists - coalesce(used.count_used, 0)
        >= {{ var('recommendations_per_listener') }}
    )
