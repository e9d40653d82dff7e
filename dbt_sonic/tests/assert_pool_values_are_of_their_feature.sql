-- A row of the distribution fills the column of its feature, and no other one.
select *
from {{ ref('int_pool_distribution') }}
where
    {% for measure in acoustic_measures() -%}
    (feature = '{{ measure }}' and {{ measure }} is null)
    or (feature <> '{{ measure }}' and {{ measure }} is not null)
    {%- if not loop.last %} or {% endif %}
    {% endfor %}
