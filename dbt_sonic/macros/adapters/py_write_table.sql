{# dbt-spark knows pandas and Spark frames, but not Arrow, which Python models give. The macro stands
   before every adapter's own of this name, so others are handed on what they gave. #}
{% macro py_write_table(compiled_code) -%}
{%- if target.type == 'spark' -%}
{{ compiled_code }}

from ml.runtime import write

write(spark, model(dbtObj(spark.table), spark), "{{ kwargs['target_relation'] }}")
{%- else -%}
{{ dbt.py_write_table(compiled_code=compiled_code, **kwargs) }}
{%- endif -%}
{%- endmacro %}
