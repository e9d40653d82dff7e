{# Without a known zone, local time is UTC. #}
{% macro local_time(instant, offsets) -%}
    {{ sonic.add_ms(instant, 'coalesce(' ~ offsets ~ '.offset_minutes, 0) * 60000') }}
{%- endmacro %}
