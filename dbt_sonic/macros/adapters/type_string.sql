{# The adapter's varchar(max) is slow to join by, and nothing that is composed or cast is that long. #}
{% macro fabric__type_string() -%}
    varchar(8000)
{%- endmacro %}
