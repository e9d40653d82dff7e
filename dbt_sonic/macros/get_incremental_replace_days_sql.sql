{# dbt's delete+insert keeps a day that has lost its last row: nothing new names it. #}
{% macro get_incremental_replace_days_sql(arguments) -%}
    {%- set target = arguments['target_relation'] -%}
    {%- set rows = arguments['temp_relation'] -%}
    {%- set columns = arguments['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    {%- set key = arguments['unique_key'] -%}
    {%- set meta = config.get('meta', {}) -%}
    {%- set calendar = meta.get('calendar', 'utc') -%}
    {%- set day = 'local_date' if calendar == 'local' else 'utc_day' -%}
    {%- set same_day -%}
    stored.user_id = redone.user_id and stored.{{ day }} = redone.{{ day }}
    {%- endset -%}
    {{ sonic.delete_matching(target, '(' ~ sonic.redone_days(calendar) ~ ')', meta.get('same_day', same_day)) }};
    {%- if key %}
    {{ sonic.delete_matching(target, rows, 'stored.' ~ key ~ ' = redone.' ~ key) }};
    {%- endif %}
    insert into {{ target }} ({{ columns }}) select {{ columns }} from {{ rows }}
{%- endmacro %}
