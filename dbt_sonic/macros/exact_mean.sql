{# Floats add up differently in every order of rows, and no engine keeps one: decimals do not. #}
{% macro exact_mean(expression) -%}
    cast(sum(cast({{ expression }} as decimal(18, 9))) as {{ type_double() }})
    / nullif(count({{ expression }}), 0)
{%- endmacro %}
