{% macro if_replaced(relation) -%}
    {%- set is_replaced = true -%}
    {%- if is_incremental() -%}
        {%- set newer = run_query(
            'select count(*) from ' ~ relation ~ ' where loaded_at > ' ~ sonic.watermark()
        ) -%}
        {%- set is_replaced = newer.columns[0].values()[0] > 0 -%}
    {%- endif -%}
    {{ return('1 = 1' if is_replaced else '1 = 0') }}
{%- endmacro %}
