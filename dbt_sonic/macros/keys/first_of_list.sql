{# Engines differ in regular expressions: Spark unescapes its literals first, T-SQL has none.
   \x27 is the single quote, which each engine escapes differently. #}
{% macro first_of_list(list_text) -%}
    {{ return(adapter.dispatch('first_of_list', 'sonic')(list_text)) }}
{%- endmacro %}

{% macro first_of_list_pattern() -%}
    {{ return('^\\[(?:\\x27((?:[^\\x27\\\\]|\\\\.)*)\\x27|"((?:[^"\\\\]|\\\\.)*)")') }}
{%- endmacro %}

{% macro default__first_of_list(list_text) -%}
    {%- set pattern = sonic.first_of_list_pattern() -%}
    nullif(
        regexp_replace(
            regexp_extract({{ list_text }}, '{{ pattern }}', 1)
            || regexp_extract({{ list_text }}, '{{ pattern }}', 2),
            '\\([\x27"\\])', '\1', 'g'
        ), ''
    )
{%- endmacro %}

{% macro spark__first_of_list(list_text) -%}
    {%- set pattern = sonic.first_of_list_pattern() | replace('\\', '\\\\') -%}
    nullif(
        regexp_replace(
            concat(
                regexp_extract({{ list_text }}, '{{ pattern }}', 1),
                regexp_extract({{ list_text }}, '{{ pattern }}', 2)
            ), '\\\\([\\x27"\\\\])', '$1'
        ), ''
    )
{%- endmacro %}

{% macro fabric__first_of_list(list_text) -%}
    {#- Escaped backslashes and quotes become char(2) and char(1) until the closing quote is found. -#}
    {%- set text = "replace(replace(" ~ list_text ~ ", '\\\\', char(2)), '\\''', char(1))" -%}
    {%- set closing = "charindex(substring(" ~ text ~ ", 2, 1), " ~ text ~ ", 3)" -%}
    nullif(
        case
            when (left({{ list_text }}, 2) = '[''' or left({{ list_text }}, 2) = '["')
                and {{ closing }} > 3
                then replace(replace(substring({{ text }}, 3, {{ closing }} - 3), char(1), ''''), char(2), '\')
        end, ''
    )
{%- endmacro %}
