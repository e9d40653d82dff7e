{% macro date_key(day) -%}
    case
        when {{ day }} between cast('{{ var("calendar_start") }}' as date)
            and cast('{{ var("calendar_end") }}' as date)
            then cast(year({{ day }}) * 10000 + month({{ day }}) * 100 + day({{ day }}) as int)
        else -1
    end
{%- endmacro %}
