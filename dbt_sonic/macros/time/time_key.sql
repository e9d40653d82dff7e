{# T-SQL has no hour() and minute(). #}
{% macro time_key(instant) -%}
    {{ return(adapter.dispatch('time_key', 'sonic')(instant)) }}
{%- endmacro %}

{% macro default__time_key(instant) -%}
    cast(hour({{ instant }}) * 100 + minute({{ instant }}) as int)
{%- endmacro %}

{% macro fabric__time_key(instant) -%}
    datepart(hour, {{ instant }}) * 100 + datepart(minute, {{ instant }})
{%- endmacro %}
