{# One folder a schema beside Bronze, where the warehouse folder would name it `<schema>.db`. #}
{% macro spark__create_schema(relation) -%}
    {%- set lake = sonic.lake() -%}
    {%- set place = ' location ' ~ sonic.text_literal(lake ~ '/' ~ relation.schema) if lake else '' -%}
    {%- do run_query('create schema if not exists ' ~ relation ~ place) -%}
{%- endmacro %}
