{# dbt-spark knows pandas and Spark frames, but not Arrow, which Python models give. #}
{% macro py_write_table(compiled_code, target_relation) -%}
{{ compiled_code }}

from ml.runtime import write

write(spark, model(dbtObj(spark.table), spark), "{{ target_relation }}")
{%- endmacro %}
