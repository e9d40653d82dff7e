{# dbt does not drop the relation of a model that the project no longer has. The look-ups below read
   dbt's cache of the schema, so a warehouse without old names costs no statement. #}
{% macro drop_renamed_models() -%}
    {%- for old, new in sonic.renamed_models().items() -%}
        {%- set model = graph.nodes['model.sonic.' ~ new] -%}
        {%- set relation = adapter.get_relation(model.database, model.schema, old) -%}
        {%- if relation -%}
            {%- do adapter.drop_relation(relation) -%}
            {%- do log('Dropped ' ~ relation ~ ', which is now ' ~ new ~ '.', info=true) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}
