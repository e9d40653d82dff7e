{{ config(materialized='table') }}

with

pool as (
    select * from {{ ref('ml_catalogue_features') }}
)

{% for measure in acoustic_measures() %}
select
    '{{ measure }}' as feature,
    {{ measure }} as feature_value,
    count(*) as count_tracks
from pool
where {{ measure }} is not null
group by {{ measure }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
