{# Without access to the database every model compiles as new: the SQL of its first build. #}
{% macro is_incremental() -%}
    {{ return(flags.INTROSPECT and dbt.is_incremental()) }}
{%- endmacro %}
