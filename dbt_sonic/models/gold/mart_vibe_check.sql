with

listener_days as (
    select
        *,
        {{ date_key('local_date') }} as local_date_key
    from {{ ref('int_listener_days') }}
    where count_plays > 0
),

final as (
    select
        {{ hash_key(composite_id(['user_id', 'local_date_key', 'vibe'])) }} as vibe_check_key,
        {{ hash_key('user_id') }} as user_key,
        local_date_key,
        vibe,
        cast(count_plays as bigint) as count_plays,
        {{ exact_ratio(
            'count_plays', 'sum(count_plays) over (partition by user_id, local_date)'
        ) }} as share_of_plays,
        {{ exact_ratio('sum_energy', 'count_energy') }} as mean_energy,
        {{ exact_ratio('sum_valence', 'count_valence') }} as mean_valence
    from listener_days
)

select * from final
