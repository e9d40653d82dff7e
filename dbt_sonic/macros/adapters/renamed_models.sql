{# Readers come before what they read, since dbt-fabric drops a view's readers together with it. #}
{% macro renamed_models() -%}
    {{ return({
        'int_described_plays': 'int_plays_enriched',
        'int_united_plays': 'int_plays_merged',
        'int_play_turns': 'int_play_match_candidates_ranked',
        'int_play_pairs': 'int_play_match_candidates',
        'int_plays_told_twice': 'int_export_duplicates',
        'int_matchable_plays': 'int_play_match_keys',
        'int_touched_days': 'int_listener_days_to_rebuild',
        'int_told_days': 'int_listener_days_changed',
        'int_told_plays': 'int_plays_unioned',
    }) }}
{%- endmacro %}
