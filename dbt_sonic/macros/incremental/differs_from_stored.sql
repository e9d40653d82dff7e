{% macro differs_from_stored(rows, key, columns) -%}
    {%- if is_incremental() -%}
    not exists (
        select 1
        from {{ this }} as stored
        where
            stored.{{ key }} = {{ rows }}.{{ key }}
            {%- for column in columns %}
            and stored.{{ column }} is not distinct from {{ rows }}.{{ column }}
            {%- endfor %}
    )
    {%- else -%} 1 = 1 {%- endif -%}
{%- endmacro %}
