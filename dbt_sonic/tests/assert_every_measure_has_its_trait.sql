-- Traits are data that anyone can edit; a feature without one would never name an aura.
{% for measure in acoustic_measures() %}
select '{{ measure }}' as feature
from {{ ref('feature_traits') }}
where feature = '{{ measure }}'
having count(*) <> 1
{% if not loop.last %}union all{% endif %}
{% endfor %}
