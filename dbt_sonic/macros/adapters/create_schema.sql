{# One folder per schema, next to Bronze; by default Spark would name it `<schema>.db`. #}
{% macro spark__create_schema(relation) -%}
    {%- set lake = sonic.lake() -%}
    {%- set location = ' location ' ~ sonic.text_literal(lake ~ '/' ~ relation.schema) if lake else '' -%}
    {%- do run_query('create schema if not exists ' ~ relation ~ location) -%}
{%- endmacro %}
