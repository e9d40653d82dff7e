{# The sum of floats depends on the order of rows, which no engine keeps; that of decimals does not. #}
{% macro exact_weighted_sum(expression, weight) -%}
    sum(cast({{ expression }} as decimal(18, 9)) * cast({{ weight }} as decimal(9, 0)))
{%- endmacro %}
