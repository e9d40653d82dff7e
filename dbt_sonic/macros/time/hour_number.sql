{# Integer division is written differently on each engine, floor is not. #}
{% macro hour_number(milliseconds) -%}
    cast(floor(({{ milliseconds }}) / 3600000.0) as {{ dbt.type_bigint() }})
{%- endmacro %}
