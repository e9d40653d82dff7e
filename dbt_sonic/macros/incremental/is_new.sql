{% macro is_new() -%}
    {%- if is_incremental() -%} loaded_at > {{ sonic.watermark() }} {%- else -%} 1 = 1 {%- endif -%}
{%- endmacro %}
