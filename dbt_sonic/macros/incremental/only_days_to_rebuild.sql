{% macro only_days_to_rebuild(rows, calendar='utc') -%}
    {#- Referenced outside the branch, so that dbt sees it in every mode. -#}
    {%- set days_to_rebuild = ref('int_listener_days_to_rebuild') -%}
    {%- set day = 'local_date' if calendar == 'local' else 'utc_day' -%}
    {%- if is_incremental() -%}
    inner join ({{ sonic.days_to_rebuild(calendar) }}) as rebuilt
        on {{ rows }}.user_id = rebuilt.user_id
        and {{ rows }}.{{ day }} = rebuilt.{{ day }}
        {%- if calendar == 'utc' %}
        and {{ rows }}.{{ day }} >= {{ sonic.first_day_to_rebuild() }}
        {%- endif %}
    {%- endif -%}
{%- endmacro %}
