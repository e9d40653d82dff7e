-- What is named has been described after a full run. It warns only: right after the import of a
-- long history, tracks still wait for Spotify to be asked, and Gold need not wait with them.
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
