{# dlt writes Delta tables into folders; Spark's catalogue does not know them yet. #}
{% macro register_bronze() -%}
    {%- if execute -%} {{ adapter.dispatch('register_bronze', 'sonic')() }} {%- endif -%}
{%- endmacro %}

{% macro default__register_bronze() -%}
{%- endmacro %}

{% macro spark__register_bronze() -%}
    {%- set lake = sonic.lake() -%}
    {%- if lake -%}
        {%- set folder = lake ~ '/bronze' -%}
        {%- do run_query('create schema if not exists bronze location ' ~ text_literal(folder)) -%}
        {%- for source in graph.sources.values() -%}
            {%- do run_query(
                'create table if not exists bronze.' ~ source.identifier ~ ' using delta location '
                ~ text_literal(folder ~ '/' ~ source.identifier)
            ) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
