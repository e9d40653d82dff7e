-- A test of uniqueness does not find a missing row.
{% for thing in ['user', 'artist', 'album', 'playlist', 'track', 'date', 'time'] %}
select 'dim_{{ thing }}' as dimension
from {{ ref('dim_' ~ thing) }}
where {{ thing }}_key = -1
having count(*) <> 1
{% if not loop.last %}union all{% endif %}
{% endfor %}
