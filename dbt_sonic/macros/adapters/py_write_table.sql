{# dbt-spark accepts pandas and Spark frames, but not Arrow, which the Python models return. This
   macro overrides that of every adapter, so it calls dbt's own for all others. #}
{% macro py_write_table(compiled_code) -%}
{%- if target.type == 'spark' -%}
{{ compiled_code }}

from ml.runtime import write

write(spark, model(dbtObj(spark.table), spark), "{{ kwargs['target_relation'] }}")
{%- else -%}
{{ dbt.py_write_table(compiled_code=compiled_code, **kwargs) }}
{%- endif -%}
{%- endmacro %}
