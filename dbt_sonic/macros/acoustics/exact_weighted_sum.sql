{# Floats add up differently in every order of rows, and no engine keeps one: decimals do not. #}
{% macro exact_weighted_sum(expression, weight) -%}
    sum(cast({{ expression }} as decimal(18, 9)) * cast({{ weight }} as decimal(9, 0)))
{%- endmacro %}
