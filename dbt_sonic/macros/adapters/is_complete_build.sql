{# A model that was not built may still be a view of a relation with an old name. #}
{% macro is_complete_build(results) -%}
    {%- set is_complete = false -%}
    {%- if execute -%}
        {%- set models = graph.nodes.values() | selectattr('resource_type', 'eq', 'model') | list -%}
        {%- set good = results | selectattr('status', 'in', ['success', 'pass', 'warn', 'no-op']) | list -%}
        {%- set built = good | selectattr('node.resource_type', 'eq', 'model') | list -%}
        {%- set is_complete = built | length == models | length and good | length == results | length -%}
    {%- endif -%}
    {{ return(is_complete) }}
{%- endmacro %}
