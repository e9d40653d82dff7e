{# Delta Lake takes no subquery in a delete, but deletes in a merge. #}
{% macro delete_matching(target, rows, condition) -%}
    {{ return(adapter.dispatch('delete_matching', 'sonic')(target, rows, condition)) }}
{%- endmacro %}

{% macro default__delete_matching(target, rows, condition) -%}
    delete from {{ target }} as stored using {{ rows }} as redone where {{ condition }}
{%- endmacro %}

{% macro spark__delete_matching(target, rows, condition) -%}
    merge into {{ target }} as stored using {{ rows }} as redone on {{ condition }}
    when matched then delete
{%- endmacro %}

{% macro fabric__delete_matching(target, rows, condition) -%}
    delete stored from {{ target }} as stored inner join {{ rows }} as redone on {{ condition }}
{%- endmacro %}
