{% macro acoustic_measures() -%}
    {{ return(sonic.acoustic_features() | reject('in', ['musical_key', 'musical_mode']) | list) }}
{%- endmacro %}
