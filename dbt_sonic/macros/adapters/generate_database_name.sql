{# Only DuckDB has a separate database for Gold: Spark has no databases above its schemas,
   and a Fabric warehouse is one database. #}
{% macro generate_database_name(custom_database_name=none, node=none) -%}
    {{ return(adapter.dispatch('generate_database_name', 'sonic')(custom_database_name, node)) }}
{%- endmacro %}

{% macro default__generate_database_name(custom_database_name, node) -%}
    {{ return(target.database or none) }}
{%- endmacro %}

{% macro duckdb__generate_database_name(custom_database_name, node) -%}
    {{ return(custom_database_name or target.database) }}
{%- endmacro %}
