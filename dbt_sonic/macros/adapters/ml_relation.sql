{# T-SQL has no Python models: there the table is the one that Spark wrote into the Lakehouse. #}
{% macro ml_relation(name) -%}
    {{ return(adapter.dispatch('ml_relation', 'sonic')(name)) }}
{%- endmacro %}

{% macro default__ml_relation(name) -%}
    {{ return(ref(name)) }}
{%- endmacro %}

{% macro fabric__ml_relation(name) -%}
    {{ return(api.Relation.create(
        database=env_var('SONIC_FABRIC_LAKEHOUSE', target.database),
        schema=env_var('SONIC_FABRIC_ML_SCHEMA', 'ml'),
        identifier=name,
    )) }}
{%- endmacro %}
