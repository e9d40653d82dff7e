{# dbt-spark alters a table once per column, and each change is a version of the table. One statement
   changes all comments that differ; if none does, no statement runs. #}
{% macro spark__alter_column_comment(relation, column_dict) -%}
    {%- set stored = {} -%}
    {%- for column in run_query('describe ' ~ relation) -%}
        {%- do stored.update({column[0]: column[2]}) -%}
    {%- endfor -%}
    {%- set changes = [] -%}
    {%- for name, column in column_dict.items() -%}
        {%- set comment = column['description'] | trim -%}
        {%- if comment and stored.get(name) != comment -%}
            {%- do changes.append(adapter.quote(name) ~ ' comment ' ~ sonic.text_literal(comment)) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if changes -%}
        {%- do run_query('alter table ' ~ relation ~ ' alter column ' ~ changes | join(', ')) -%}
    {%- endif -%}
{%- endmacro %}
