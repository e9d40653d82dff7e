{# Spark escapes with backslashes, and so the backslash itself. #}
{% macro text_literal(text) -%}
    {{ return(adapter.dispatch('text_literal', 'sonic')(text)) }}
{%- endmacro %}

{% macro default__text_literal(text) -%}
    '{{ text | replace("'", "''") }}'
{%- endmacro %}

{% macro spark__text_literal(text) -%}
    '{{ text | replace('\\', '\\\\') | replace("'", "\\'") }}'
{%- endmacro %}
