with

window_sums as (
    select * from {{ ref('int_window_sums') }}
),

final as (
    select
        {{ hash_key(composite_id(['user_id', 'window_id'])) }} as feature_coverage_key,
        {{ hash_key('user_id') }} as user_key,
        window_id,
        first_date,
        last_date,
        cast(count_plays as bigint) as count_plays,
        cast(count_reccobeats_plays as bigint) as count_reccobeats_plays,
        cast(count_kaggle_plays as bigint) as count_kaggle_plays,
        {{ exact_ratio('count_reccobeats_plays + count_kaggle_plays', 'count_plays') }}
            as share_with_features
    from window_sums
)

select * from final
