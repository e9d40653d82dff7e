{% macro delete_matching(target, rows, condition) -%}
    {{ return(adapter.dispatch('delete_matching', 'sonic')(target, rows, condition)) }}
{%- endmacro %}

{% macro default__delete_matching(target, rows, condition) -%}
    delete from {{ target }} as stored using {{ rows }} as rebuilt where {{ condition }}
{%- endmacro %}

{% macro fabric__delete_matching(target, rows, condition) -%}
    delete stored from {{ target }} as stored inner join {{ rows }} as rebuilt on {{ condition }}
{%- endmacro %}
