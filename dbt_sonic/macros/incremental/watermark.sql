{# Resolved at compile time: a literal prunes, a subquery scans everything. #}
{% macro watermark() -%}
    {%- set newest = run_query('select cast(max(loaded_at) as ' ~ dbt.type_string() ~ ') from ' ~ this) -%}
    {%- set instant = newest.columns[0].values()[0] or '1970-01-01' -%}
    {{ return("cast('" ~ instant ~ "' as " ~ dbt.type_timestamp() ~ ")") }}
{%- endmacro %}
