{# T-SQL has no double, and dbt.type_float() is single precision on DuckDB. #}
{% macro type_double() -%}
    {{ return(adapter.dispatch('type_double', 'sonic')()) }}
{%- endmacro %}

{% macro default__type_double() -%}
    double
{%- endmacro %}

{% macro fabric__type_double() -%}
    float
{%- endmacro %}
