{%- set separator = "' · '" %}

with

percentiles as (
    select * from {{ ref('int_window_percentiles') }}
),

windows as (
    select * from {{ ref('int_windows') }}
),

words as (
    select * from {{ ref('feature_traits') }}
),

distances as (
    {% for measure in acoustic_measures() %}
    select
        user_id,
        window_id,
        '{{ measure }}' as feature,
        percentile_{{ measure }} - 0.5 as distance
    from percentiles
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

ranked as (
    select
        distances.user_id,
        distances.window_id,
        case when distances.distance < 0 then words.low_words else words.high_words end as trait,
        row_number() over (
            partition by distances.user_id, distances.window_id
            order by abs(distances.distance) desc, distances.feature asc
        ) as trait_number
    from distances
    inner join words
        on distances.feature = words.feature
    where abs(distances.distance) >= {{ var('dominant_trait_distance') }}
),

traits as (
    select
        user_id,
        window_id,
        max(case when trait_number = 1 then trait end) as trait_1,
        max(case when trait_number = 2 then {{ dbt.concat([separator, 'trait']) }} end) as trait_2,
        max(case when trait_number = 3 then {{ dbt.concat([separator, 'trait']) }} end) as trait_3
    from ranked
    group by user_id, window_id
),

final as (
    select
        {{ hash_key(composite_id(['percentiles.user_id', 'percentiles.window_id'])) }}
            as audio_aura_key,
        {{ hash_key('percentiles.user_id') }} as user_key,
        percentiles.window_id,
        windows.first_date,
        windows.last_date,
        {% for measure in acoustic_measures() -%}
        percentiles.mean_{{ measure }},
        percentiles.percentile_{{ measure }},
        {% endfor -%}
        case
            when traits.trait_1 is null then 'balanced'
            else {{ dbt.concat([
                'traits.trait_1', "coalesce(traits.trait_2, '')", "coalesce(traits.trait_3, '')"
            ]) }}
        end as dominant_traits
    from percentiles
    inner join windows
        on percentiles.user_id = windows.user_id
        and percentiles.window_id = windows.window_id
    left join traits
        on percentiles.user_id = traits.user_id
        and percentiles.window_id = traits.window_id
)

select * from final
