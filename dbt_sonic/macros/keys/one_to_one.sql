{# Each round reads only the previous one, because some engines compute a CTE once per reader. #}
{% macro one_to_one(pairs, left_id, right_id, preference, columns, rounds) -%}
    {%- set columns = columns | join(', ') -%}
    {%- set preference = preference | join(', ') -%}
    {%- set both_first = 'left_rank = 1 and right_rank = 1' -%}
    {%- for round in range(1, rounds + 1) %}
    ranked_{{ round }} as (
        select
            {{ columns }},
            row_number() over (partition by {{ left_id }} order by {{ preference }}) as left_rank,
            row_number() over (partition by {{ right_id }} order by {{ preference }}) as right_rank
        {% if loop.first -%}
        from {{ pairs }}
        {%- else -%}
        from taken_{{ round - 1 }}
        where
            ({{ both_first }})
            or (left_taken = 0 and right_taken = 0)
        {%- endif %}
    ),

    taken_{{ round }} as (
        select
            {{ columns }},
            left_rank,
            right_rank,
            max(case when {{ both_first }} then 1 else 0 end)
                over (partition by {{ left_id }}) as left_taken,
            max(case when {{ both_first }} then 1 else 0 end)
                over (partition by {{ right_id }}) as right_taken
        from ranked_{{ round }}
    ),
    {% endfor %}
    one_to_one as (
        select {{ columns }}
        from taken_{{ rounds }}
        where {{ both_first }}
    )
{%- endmacro %}
