{# On Spark dbt's dateadd drops fractions of a second. #}
{% macro add_ms(instant, milliseconds) -%}
    {{ return(adapter.dispatch('add_ms', 'sonic')(instant, milliseconds)) }}
{%- endmacro %}

{% macro default__add_ms(instant, milliseconds) -%}
    {{ dbt.dateadd('millisecond', milliseconds, instant) }}
{%- endmacro %}

{% macro spark__add_ms(instant, milliseconds) -%}
    {{ instant }} + interval '0.001' second * ({{ milliseconds }})
{%- endmacro %}
