{% macro of_redone_days(rows, calendar='utc') -%}
    {#- Named outside the branch, for dbt to see it in every mode. -#}
    {%- set touched_days = ref('int_touched_days') -%}
    {%- set day = 'local_date' if calendar == 'local' else 'utc_day' -%}
    {%- if is_incremental() -%}
    inner join ({{ sonic.redone_days(calendar) }}) as redone
        on {{ rows }}.user_id = redone.user_id
        and {{ rows }}.{{ day }} = redone.{{ day }}
        {%- if calendar == 'utc' %}
        and {{ rows }}.{{ day }} >= {{ sonic.first_redone_day() }}
        {%- endif %}
    {%- endif -%}
{%- endmacro %}
