{# dbt's delete+insert would keep a day that lost its last row: no new row has its key. #}
{% macro get_incremental_overwrite_days_sql(arguments) -%}
    {%- set meta = config.get('meta', {}) -%}
    {%- set calendar = meta.get('calendar', 'utc') -%}
    {%- set day = 'local_date' if calendar == 'local' else 'utc_day' -%}
    {%- set same_day -%}
    stored.user_id = rebuilt.user_id and stored.{{ day }} = rebuilt.{{ day }}
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
