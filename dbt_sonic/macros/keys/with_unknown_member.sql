{% macro with_unknown_member(cte) -%}
    select * from {{ cte }}
    union all
    select {{ cte }}.*
    from (select 1 as one) as seed
    left join {{ cte }} on 1 = 0
{%- endmacro %}
