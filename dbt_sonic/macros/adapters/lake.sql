{# sonic/engines/spark.py says where it is; a notebook's Lakehouse needs no places, it has its own. #}
{% macro lake() -%}
    {%- set place = run_query('set spark.sonic.lake').columns[1].values()[0] -%}
    {{ return(none if place == '<undefined>' else place) }}
{%- endmacro %}
