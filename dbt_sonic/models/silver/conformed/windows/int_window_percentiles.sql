{{ config(materialized='table') }}

with

means as (
    select * from {{ ref('int_window_means') }}
),

pool as (
    select * from {{ ref('int_feature_distribution') }}
),

-- One sorted line of the pool's values and the listeners' means shows how many tracks are below.
{% for measure in acoustic_measures() %}
{{ measure }} as (
    select
        user_id,
        window_id,
        sum(count_tracks) over (
            order by point_value, is_pool
            rows unbounded preceding
        ) as count_below,
        sum(count_tracks) over () as count_pool
    from (
        select
            cast(null as {{ dbt.type_string() }}) as user_id,
            cast(null as {{ dbt.type_string() }}) as window_id,
            {{ measure }} as point_value,
            count_tracks,
            1 as is_pool
        from pool
        where {{ measure }} is not null
        union all
        select
            user_id,
            window_id,
            mean_{{ measure }} as point_value,
            0 as count_tracks,
            0 as is_pool
        from means
        where mean_{{ measure }} is not null
    ) as points
),
{% endfor %}

final as (
    select
        {% for measure in acoustic_measures() -%}
        means.mean_{{ measure }},
        cast({{ measure }}.count_below as {{ type_double() }})
        / nullif({{ measure }}.count_pool, 0) as percentile_{{ measure }},
        {% endfor -%}
        means.user_id,
        means.window_id
    from means
    {% for measure in acoustic_measures() -%}
    left join {{ measure }}
        on means.user_id = {{ measure }}.user_id
        and means.window_id = {{ measure }}.window_id
    {% endfor %}
)

select * from final
