{# sonic/engines/spark.py sets the folder; a notebook's Lakehouse has its own locations. #}
{% macro lake() -%}
    {%- set folder = run_query('set spark.sonic.lake').columns[1].values()[0] -%}
    {{ return(none if folder == '<undefined>' else folder) }}
{%- endmacro %}
