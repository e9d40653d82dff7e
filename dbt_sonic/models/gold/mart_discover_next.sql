with

recommendations as (
    select * from {{ ml_relation('ml_recommendations') }}
),

listeners as (
    select * from {{ ref('stg_sonic__listeners') }}
),

clock as (
    select * from {{ ref('stg_sonic__run_clock') }}
),

ranked as (
    select
        recommendations.*,
        recommendations.{{ adapter.quote('rank') }} as recommendation_rank
    from recommendations
    inner join listeners
        on recommendations.user_id = listeners.user_id
    inner join clock
        on recommendations.as_of = clock.as_of
),

final as (
    select
        {{ hash_key(composite_id(['user_id', 'recommendation_rank'])) }} as discovery_key,
        {{ hash_key('user_id') }} as user_key,
        cast(recommendation_rank as int) as recommendation_rank,
        {{ hash_key('track_id') }} as track_key,
        confidence,
        {{ as_boolean('confidence > ' ~ var('high_match_above')) }} as is_high_match,
        reasons,
        as_of
    from ranked
)

select * from final
