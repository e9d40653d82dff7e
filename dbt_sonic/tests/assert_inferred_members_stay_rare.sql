-- After a full run nearly all ids are described. Only a warning: after the import of a long history
-- many tracks are still to be requested from Spotify, and Gold does not wait for them.
{{ config(severity='warn') }}

{% for thing in ['user', 'artist', 'album', 'playlist', 'track'] %}
select
    'dim_{{ thing }}' as dimension,
    avg(case when is_inferred = cast(1 as {{ dbt.type_boolean() }}) then 1.0 else 0.0 end)
        as share_inferred
from {{ ref('dim_' ~ thing) }}
where {{ thing }}_key <> -1
having
    count(*) >= {{ var('bounds_from_rows') }}
    and avg(case when is_inferred = cast(1 as {{ dbt.type_boolean() }}) then 1.0 else 0.0 end)
    > {{ var('max_inferred_share') }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
