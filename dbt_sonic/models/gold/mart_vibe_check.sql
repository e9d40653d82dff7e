with

listener_days as (
    select * from {{ ref('int_listener_days') }}
    where count_plays > 0
),

features as (
    select * from {{ ref('int_track_features') }}
),

vibes as (
    select
        listener_days.user_id,
        {{ date_key('listener_days.local_date') }} as local_date_key,
        coalesce(features.vibe, 'Unknown') as vibe,
        sum(listener_days.count_plays) as count_plays,
        {{ exact_weighted_mean('features.energy', 'listener_days.count_plays') }} as mean_energy,
        {{ exact_weighted_mean('features.valence', 'listener_days.count_plays') }} as mean_valence
    from listener_days
    left join features
        on listener_days.track_id = features.track_id
    group by
        listener_days.user_id,
        {{ date_key('listener_days.local_date') }},
        coalesce(features.vibe, 'Unknown')
),

final as (
    select
        {{ hash_key(composite_id(['user_id', 'local_date_key', 'vibe'])) }} as vibe_check_key,
        {{ hash_key('user_id') }} as user_key,
        local_date_key,
        vibe,
        cast(count_plays as bigint) as count_plays,
        cast(count_plays as {{ type_double() }})
        / sum(count_plays) over (partition by user_id, local_date_key) as share_of_plays,
        mean_energy,
        mean_valence
    from vibes
)

select * from final
