{# dbt-spark supports only its own strategies; other adapters look up a macro by the strategy's name. #}
{% macro dbt_spark_get_incremental_sql(
    strategy, source, target, existing, unique_key, incremental_predicates
) -%}
    {%- set columns = adapter.get_columns_in_relation(target) -%}
    {%- if strategy == 'append' -%}
    {{ get_insert_into_sql(source, target) }}
    {%- elif strategy == 'merge' -%}
    {{ get_merge_sql(target, source, unique_key, columns, incremental_predicates) }}
    {%- elif strategy == 'delete+insert' -%}
    {{ sonic.replace_matching(
        target,
        source,
        columns | map(attribute='quoted') | list,
        '(select distinct ' ~ unique_key ~ ' from ' ~ source ~ ')',
        'stored.' ~ unique_key ~ ' = rebuilt.' ~ unique_key,
    ) }}
    {%- else -%}
    {{ sonic.get_incremental_overwrite_days_sql({
        'target_relation': target,
        'temp_relation': source,
        'unique_key': unique_key,
        'dest_columns': columns,
    }) }}
    {%- endif -%}
{%- endmacro %}
