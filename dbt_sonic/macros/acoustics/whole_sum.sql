{# DuckDB adds whole numbers up to 128 bits, which take fifty times as long to read again. #}
{% macro whole_sum(expression) -%}
    cast(sum({{ expression }}) as {{ dbt.type_bigint() }})
{%- endmacro %}
