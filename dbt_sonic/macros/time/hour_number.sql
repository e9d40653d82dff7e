{# Engines write integer division differently; floor is the same. #}
{% macro hour_number(milliseconds) -%}
    cast(floor(({{ milliseconds }}) / 3600000.0) as {{ dbt.type_bigint() }})
{%- endmacro %}
