with

window_sums as (
    select * from {{ ref('int_window_sums') }}
),

final as (
    select
        {% for measure in acoustic_measures() -%}
        {{ exact_ratio('sum_' ~ measure, 'count_' ~ measure) }} as mean_{{ measure }},
        {% endfor -%}
        user_id,
        window_id
    from window_sums
    where
        count_{{ acoustic_measures() | first }} > 0
        {%- for measure in acoustic_measures()[1:] %}
        or count_{{ measure }} > 0
        {%- endfor %}
)

select * from final
