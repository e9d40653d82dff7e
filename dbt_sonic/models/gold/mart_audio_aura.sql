{%- set separator = "' · '" %}

with

percentiles as (
    select * from {{ ref('int_window_percentiles') }}
),

windows as (
    select * from {{ ref('int_windows') }}
),

auras as (
    select
        {% for measure in acoustic_measures() -%}
        max(case when feature = '{{ measure }}' then mean_value end) as mean_{{ measure }},
        max(case when feature = '{{ measure }}' then percentile end) as percentile_{{ measure }},
        {% endfor -%}
        max(case when trait_number = 1 then dominant_trait end) as trait_1,
        max(case when trait_number = 2 then dominant_trait end) as trait_2,
        max(case when trait_number = 3 then dominant_trait end) as trait_3,
        user_id,
        window_id
    from percentiles
    group by user_id, window_id
),

final as (
    select
        {{ hash_key(composite_id(['auras.user_id', 'auras.window_id'])) }} as audio_aura_key,
        {{ hash_key('auras.user_id') }} as user_key,
        auras.window_id,
        windows.first_date,
        windows.last_date,
        {% for measure in acoustic_measures() -%}
        auras.mean_{{ measure }},
        auras.percentile_{{ measure }},
        {% endfor -%}
        case
            when auras.trait_1 is null then 'balanced'
            when auras.trait_2 is null then auras.trait_1
            when auras.trait_3 is null
                then {{ dbt.concat(['auras.trait_1', separator, 'auras.trait_2']) }}
            else {{ dbt.concat([
                'auras.trait_1', separator, 'auras.trait_2', separator, 'auras.trait_3'
            ]) }}
        end as dominant_traits
    from auras
    inner join windows
        on auras.user_id = windows.user_id
        and auras.window_id = windows.window_id
)

select * from final
