{# A UTC day overlaps at most three days of any calendar. #}
{% macro days_to_rebuild(calendar='utc') -%}
    {%- set changed -%}
    from {{ ref('int_listener_days_to_rebuild') }}
    where touched_at > {{ sonic.watermark() }}
    {%- endset -%}
    {%- if calendar == 'utc' -%}
    select user_id, utc_day {{ changed }}
    {%- else -%}
    {%- for days in [-1, 0, 1] %}
    select user_id, cast({{ dbt.dateadd('day', days, 'utc_day') }} as date) as local_date {{ changed }}
    {% if not loop.last %}union{% endif %}
    {% endfor %}
    {%- endif -%}
{%- endmacro %}
