{% macro emptied_if_replaced(relation) -%}
    {%- if is_incremental() and sonic.if_replaced(relation) == '1 = 1' -%}
    delete from {{ this }}
    {%- endif -%}
{%- endmacro %}
