{% macro rebuild_watermark() -%}
    (select max(touched_at) from {{ ref('int_listener_days_to_rebuild') }})
{%- endmacro %}
