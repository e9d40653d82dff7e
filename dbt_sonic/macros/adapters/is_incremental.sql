{# What may not look into the database takes every model as new: the SQL of its first build. #}
{% macro is_incremental() -%}
    {{ return(flags.INTROSPECT and dbt.is_incremental()) }}
{%- endmacro %}
