{% macro is_in_pool() -%}
    energy is not null and valence is not null and danceability is not null
{%- endmacro %}
