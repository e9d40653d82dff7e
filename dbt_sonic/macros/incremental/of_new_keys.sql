{% macro of_new_keys(rows, relation, key) -%}
    {%- if is_incremental() -%}
    inner join (
        select distinct {{ key | join(', ') }}
        from {{ relation }}
        where loaded_at > {{ sonic.watermark() }}
    ) as new_keys
        on {% for column in key -%}
        {{ rows }}.{{ column }} is not distinct from new_keys.{{ column }}
        {%- if not loop.last %} and {% endif %}
        {%- endfor %}
    {%- endif -%}
{%- endmacro %}
