{# Engines print a timestamp differently; its milliseconds are the same. #}
{% macro epoch_ms(instant) -%}
    {{ return(adapter.dispatch('epoch_ms', 'sonic')(instant)) }}
{%- endmacro %}

{% macro default__epoch_ms(instant) -%}
    epoch_ms({{ instant }})
{%- endmacro %}

{% macro spark__epoch_ms(instant) -%}
    unix_millis({{ instant }})
{%- endmacro %}

{% macro fabric__epoch_ms(instant) -%}
    datediff_big(millisecond, cast('1970-01-01' as datetime2(6)), {{ instant }})
{%- endmacro %}
