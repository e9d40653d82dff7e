{% macro newest_touch() -%}
    (select max(touched_at) from {{ ref('int_touched_days') }})
{%- endmacro %}
