{# As exact_mean: decimals add up the same in every order of rows. #}
{% macro exact_weighted_mean(expression, weight) -%}
    cast(
        sum(cast({{ expression }} as decimal(18, 9)) * cast({{ weight }} as decimal(9, 0)))
        as {{ type_double() }}
    ) / nullif(sum(case when {{ expression }} is not null then {{ weight }} end), 0)
{%- endmacro %}
