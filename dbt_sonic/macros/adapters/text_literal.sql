{# Spark escapes with backslashes, so the backslash is escaped too. #}
{% macro text_literal(text) -%}
    {{ return(adapter.dispatch('text_literal', 'sonic')(text)) }}
{%- endmacro %}

{% macro default__text_literal(text) -%}
    '{{ text | replace("'", "''") }}'
{%- endmacro %}

{% macro spark__text_literal(text) -%}
    '{{ text | replace('\\', '\\\\') | replace("'", "\\'") }}'
{%- endmacro %}
