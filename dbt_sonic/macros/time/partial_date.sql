{% macro partial_date(text) -%}
    try_cast(
        case
            when {{ text }} like '0000%' then null
            when {{ dbt.length(text) }} = 4 then {{ dbt.concat([text, "'-01-01'"]) }}
            when {{ dbt.length(text) }} = 7 then {{ dbt.concat([text, "'-01'"]) }}
            when {{ dbt.length(text) }} = 10 then {{ text }}
        end as date
    )
{%- endmacro %}
