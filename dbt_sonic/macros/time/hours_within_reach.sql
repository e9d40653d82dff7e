{# With equal hours an engine can use a hash join; by time alone it would join all with all. #}
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
