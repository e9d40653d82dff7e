{# dbt's delete+insert keeps a day that has lost its last row: nothing new names it. #}
{% macro get_incremental_overwrite_days_sql(arguments) -%}
    {%- set meta = config.get('meta', {}) -%}
    {%- set calendar = meta.get('calendar', 'utc') -%}
    {%- set day = 'local_date' if calendar == 'local' else 'utc_day' -%}
    {%- set same_day -%}
    stored.user_id = redone.user_id and stored.{{ day }} = redone.{{ day }}
    {%- endset -%}
    {{ sonic.replace_matching(
        arguments['target_relation'],
        arguments['temp_relation'],
        arguments['dest_columns'] | map(attribute='quoted') | list,
        '(' ~ sonic.days_to_rebuild(calendar) ~ ')',
        meta.get('same_day', same_day),
        arguments['unique_key'],
    ) }}
{%- endmacro %}
