{# Delta Lake has no transactions of several statements, so that one merge does it all there: a
   source row either names what goes, or holds in `told` what comes. #}
{% macro replace_matching(target, rows, columns, redone, condition, key=none) -%}
    {{ return(adapter.dispatch('replace_matching', 'sonic')(
        target, rows, columns, redone, condition, key
    )) }}
{%- endmacro %}

{% macro default__replace_matching(target, rows, columns, redone, condition, key) -%}
    {%- set columns = columns | join(', ') -%}
    {{ sonic.delete_matching(target, redone, condition) }};
    {%- if key %}
    {{ sonic.delete_matching(target, rows, 'stored.' ~ key ~ ' = redone.' ~ key) }};
    {%- endif %}
    insert into {{ target }} ({{ columns }}) select {{ columns }} from {{ rows }}
{%- endmacro %}

{% macro spark__replace_matching(target, rows, columns, redone, condition, key) -%}
    {%- if key %}
    {%- set redone -%}
    (
        select stored.{{ key }} from {{ target }} as stored left semi join {{ redone }} as redone
            on {{ condition }}
        union
        select {{ key }} from {{ rows }}
    )
    {%- endset -%}
    {%- set condition = 'stored.' ~ key ~ ' = redone.' ~ key -%}
    {%- endif %}
    merge into {{ target }} as stored
    using (
        with redone as {{ redone }}, told as (select struct(*) as told from {{ rows }})
        select redone.*, told.told from redone left join told on false
        union all
        select redone.*, told.told from told left join redone on false
    ) as redone
        on redone.told is null and {{ condition }}
    when matched then delete
    when not matched and redone.told is not null
        then insert ({{ columns | join(', ') }})
        values (redone.told.{{ columns | join(', redone.told.') }})
{%- endmacro %}
