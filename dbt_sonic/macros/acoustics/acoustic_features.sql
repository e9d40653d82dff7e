{% macro acoustic_features() -%}
    {{ return([
        'acousticness', 'danceability', 'energy', 'instrumentalness', 'liveness', 'loudness',
        'speechiness', 'tempo', 'valence', 'musical_key', 'musical_mode',
    ]) }}
{%- endmacro %}
