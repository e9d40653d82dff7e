{% macro first_of_year(year_number) -%}
    cast({{ dbt.concat(["cast(" ~ year_number ~ " as " ~ dbt.type_string() ~ ")", "'-01-01'"]) }} as date)
{%- endmacro %}
