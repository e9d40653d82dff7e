{# Each engine converts 15 hex digits to an integer in its own way. The engines' own hash() would
   give keys that differ between engines and versions, and DuckDB's collides. #}
{% macro hash_key(natural_id) -%}
    {{ return(adapter.dispatch('hash_key', 'sonic')(natural_id)) }}
{%- endmacro %}

{% macro default__hash_key(natural_id) -%}
    coalesce(cast('0x' || substr(md5({{ natural_id }}), 1, 15) as bigint), -1)
{%- endmacro %}

{% macro spark__hash_key(natural_id) -%}
    coalesce(cast(conv(substr(md5({{ natural_id }}), 1, 15), 16, 10) as bigint), -1)
{%- endmacro %}

{% macro fabric__hash_key(natural_id) -%}
    {%- set hex = "convert(varchar(32), hashbytes('MD5', cast(" ~ natural_id ~ " as varchar(8000))), 2)" -%}
    coalesce(convert(bigint, convert(varbinary(8), '0' + left({{ hex }}, 15), 2)), -1)
{%- endmacro %}
