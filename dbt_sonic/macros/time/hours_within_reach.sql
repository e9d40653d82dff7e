{# Equality of hours lets an engine hash what would else be a join of everything by time. #}
{% macro hours_within_reach(cte, milliseconds, tolerance_ms) -%}
    {%- set first = hour_number(milliseconds ~ ' - ' ~ tolerance_ms) -%}
    {%- set last = hour_number(milliseconds ~ ' + ' ~ tolerance_ms) -%}
    select
        {{ cte }}.*,
        {{ first }} as hour_number
    from {{ cte }}
    union all
    select
        {{ cte }}.*,
        {{ last }} as hour_number
    from {{ cte }}
    where {{ first }} <> {{ last }}
{%- endmacro %}
