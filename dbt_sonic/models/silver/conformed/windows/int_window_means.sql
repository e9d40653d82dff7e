with

window_sums as (
    select * from {{ ref('int_window_sums') }}
)

{% for measure in acoustic_measures() %}
select
    user_id,
    window_id,
    '{{ measure }}' as feature,
    {{ exact_ratio('sum_' ~ measure, 'count_' ~ measure) }} as mean_value
from window_sums
where count_{{ measure }} > 0
{% if not loop.last %}union all{% endif %}
{% endfor %}
