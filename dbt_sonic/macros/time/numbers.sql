{% macro numbers(count, digits) -%}
    {%- set places = range((count - 1) | string | length) -%}
    {%- set terms = [] -%}
    {%- for place in places -%}
        {%- do terms.append('digit_' ~ place ~ '.digit * ' ~ 10 ** place) -%}
    {%- endfor -%}
    {%- set number = terms | join(' + ') -%}
    select {{ number }} as number
    from {{ digits }} as digit_0
    {% for place in places if place > 0 -%}
    cross join {{ digits }} as digit_{{ place }}
    {% endfor -%}
    where {{ number }} < {{ count }}
{%- endmacro %}
