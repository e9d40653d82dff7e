{% macro only_days_to_rebuild(rows, calendar='utc') -%}
    {#- Named outside the branch, for dbt to see it in every mode. -#}
    {%- set touched_days = ref('int_listener_days_to_rebuild') -%}
    {%- set day = 'local_date' if calendar == 'local' else 'utc_day' -%}
    {%- if is_incremental() -%}
    inner join ({{ sonic.days_to_rebuild(calendar) }}) as redone
        on {{ rows }}.user_id = redone.user_id
        and {{ rows }}.{{ day }} = redone.{{ day }}
        {%- if calendar == 'utc' %}
        and {{ rows }}.{{ day }} >= {{ sonic.first_day_to_rebuild() }}
        {%- endif %}
    {%- endif -%}
{%- endmacro %}
