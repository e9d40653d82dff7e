-- A row of the distribution fills the column of its feature, and no other one.
{% for measure in acoustic_measures() %}
select feature
from {{ ref('int_pool_distribution') }}
where
    (feature = '{{ measure }}' and {{ measure }} is null)
    or (feature <> '{{ measure }}' and {{ measure }} is not null)
{% if not loop.last %}union all{% endif %}
{% endfor %}
