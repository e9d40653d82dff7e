{# Delta Lake has no transaction over several statements, so there it is one merge: a source row
   either identifies rows to delete, or holds a row to insert in `new_row`. #}
{% macro replace_matching(target, rows, columns, rebuilt, condition, key=none) -%}
    {{ return(adapter.dispatch('replace_matching', 'sonic')(
        target, rows, columns, rebuilt, condition, key
    )) }}
{%- endmacro %}

{% macro default__replace_matching(target, rows, columns, rebuilt, condition, key) -%}
    {%- set columns = columns | join(', ') -%}
    {{ sonic.delete_matching(target, rebuilt, condition) }};
    {%- if key %}
    {{ sonic.delete_matching(target, rows, 'stored.' ~ key ~ ' = rebuilt.' ~ key) }};
    {%- endif %}
    insert into {{ target }} ({{ columns }}) select {{ columns }} from {{ rows }}
{%- endmacro %}

{% macro spark__replace_matching(target, rows, columns, rebuilt, condition, key) -%}
    {%- if key %}
    {%- set rebuilt -%}
    (
        select stored.{{ key }} from {{ target }} as stored left semi join {{ rebuilt }} as rebuilt
            on {{ condition }}
        union
        select {{ key }} from {{ rows }}
    )
    {%- endset -%}
    {%- set condition = 'stored.' ~ key ~ ' = rebuilt.' ~ key -%}
    {%- endif %}
    merge into {{ target }} as stored
    using (
        with rebuilt as {{ rebuilt }}, inserted as (select struct(*) as new_row from {{ rows }})
        select rebuilt.*, inserted.new_row from rebuilt left join inserted on false
        union all
        select rebuilt.*, inserted.new_row from inserted left join rebuilt on false
    ) as rebuilt
        on rebuilt.new_row is null and {{ condition }}
    when matched then delete
    when not matched and rebuilt.new_row is not null
        then insert ({{ columns | join(', ') }})
        values (rebuilt.new_row.{{ columns | join(', rebuilt.new_row.') }})
{%- endmacro %}
