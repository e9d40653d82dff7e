{# Without a known zone, local time is UTC. #}
{% macro local_time(instant, offsets) -%}
    {{ dbt.dateadd('minute', 'coalesce(' ~ offsets ~ '.offset_minutes, 0)', instant) }}
{%- endmacro %}
