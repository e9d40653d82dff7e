{# Delta Lake does not allow a subquery in a delete, but it can delete in a merge. #}
{% macro delete_vanished(rows, key, kind='1 = 1') -%}
    {%- if is_incremental() -%}
    {{ adapter.dispatch('delete_vanished', 'sonic')(rows, key, kind) }}
    {%- endif -%}
{%- endmacro %}

{% macro default__delete_vanished(rows, key, kind) -%}
    delete from {{ this }} where {{ kind }} and {{ key }} not in ({{ rows }})
{%- endmacro %}

{% macro spark__delete_vanished(rows, key, kind) -%}
    merge into {{ this }} as stored using ({{ rows }}) as current_keys on stored.{{ key }} = current_keys.{{ key }}
    when not matched by source and {{ kind }} then delete
{%- endmacro %}
