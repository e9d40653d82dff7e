{{ config(materialized='table') }}

with

means as (
    select * from {{ ref('int_window_means') }}
),

pool as (
    select * from {{ ref('int_feature_distribution') }}
),

traits as (
    select * from {{ ref('feature_traits') }}
),

-- One sorted line of the pool's values and the listeners' means tells how many tracks lie below.
points as (
    select
        cast(null as {{ dbt.type_string() }}) as user_id,
        cast(null as {{ dbt.type_string() }}) as window_id,
        feature,
        feature_value as point_value,
        count_tracks,
        1 as is_pool
    from pool
    union all
    select
        user_id,
        window_id,
        feature,
        mean_value as point_value,
        0 as count_tracks,
        0 as is_pool
    from means
),

placed as (
    select
        *,
        sum(count_tracks) over (
            partition by feature
            order by point_value, is_pool
            rows unbounded preceding
        ) as count_below,
        sum(count_tracks) over (partition by feature) as count_pool
    from points
),

percentiles as (
    select
        user_id,
        window_id,
        feature,
        point_value as mean_value,
        cast(count_below as {{ type_double() }}) / nullif(count_pool, 0) as percentile
    from placed
    where is_pool = 0
),

final as (
    select
        percentiles.*,
        case
            when abs(percentiles.percentile - 0.5) < {{ var('dominant_trait_distance') }} then null
            when percentiles.percentile < 0.5 then traits.low_words
            when percentiles.percentile >= 0.5 then traits.high_words
        end as dominant_trait,
        row_number() over (
            partition by percentiles.user_id, percentiles.window_id
            order by
                abs(coalesce(percentiles.percentile, 0.5) - 0.5) desc,
                percentiles.feature asc
        ) as trait_number
    from percentiles
    left join traits
        on percentiles.feature = traits.feature
)

select * from final
