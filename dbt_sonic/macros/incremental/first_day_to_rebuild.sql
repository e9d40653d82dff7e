{# A literal prunes all earlier days, also through unions, where a join cannot. #}
{% macro first_day_to_rebuild() -%}
    {%- set first = run_query(
        'select cast(min(utc_day) as ' ~ dbt.type_string() ~ ') from ' ~ ref('int_listener_days_to_rebuild')
        ~ ' where touched_at > ' ~ sonic.watermark()
    ) -%}
    {{ return("cast('" ~ (first.columns[0].values()[0] or '9999-01-01') ~ "' as date)") }}
{%- endmacro %}
