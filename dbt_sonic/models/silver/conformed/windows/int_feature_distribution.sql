{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ emptied_if_replaced(ref('stg_kaggle__tracks')) }}",
) }}

with

pool as (
    select * from {{ ref('stg_kaggle__tracks') }}
    where {{ is_in_pool() }} and {{ if_replaced(ref('stg_kaggle__tracks')) }}
)

-- A column for each feature: one column for all values would lead the lineage of each to all.
{% for measure in acoustic_measures() %}
select
    '{{ measure }}' as feature,
    {% for column in acoustic_measures() -%}
    {{ column if column == measure else 'cast(null as ' ~ type_double() ~ ') as ' ~ column }},
    {% endfor -%}
    count(*) as count_tracks,
    max(loaded_at) as loaded_at
from pool
where {{ measure }} is not null
group by {{ measure }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
