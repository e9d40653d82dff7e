{# Joins on the adapter's varchar(max) are slow, and no composed or cast text is that long. #}
{% macro fabric__type_string() -%}
    varchar(8000)
{%- endmacro %}
