{% macro as_boolean(condition) -%}
    case
        when {{ condition }} then cast(1 as {{ dbt.type_boolean() }})
        else cast(0 as {{ dbt.type_boolean() }})
    end
{%- endmacro %}
