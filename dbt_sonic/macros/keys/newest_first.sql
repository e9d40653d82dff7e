{% macro newest_first(key, prefer=none, ties=[]) -%}
    row_number() over (
        partition by {{ key | join(', ') }}
        order by
            {% if prefer -%}
            case when {{ prefer }} = cast(1 as {{ dbt.type_boolean() }}) then 0 else 1 end,
            {% endif -%}
            captured_at desc, source_file desc{% for column in ties %},
            case when {{ column }} is null then 1 else 0 end, {{ column }}{% endfor %}
    )
{%- endmacro %}
