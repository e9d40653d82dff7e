{%- set inputs = [
    'stg_sonic__capture_runs', 'stg_sonic__run_clock', 'stg_sonic__listeners', 'stg_kaggle__files',
    'stg_spotify__plays', 'stg_streaming_history__plays',
] %}

with

loads as (
    {% for input in inputs %}
    select max(loaded_at) as loaded_at
    from {{ ref(input) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (
    select max(loaded_at) as loaded_at
    from loads
)

select * from final
