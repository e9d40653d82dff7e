-- One rule for eighteen columns: a percentile is a share, and every mean has one as long as there
-- is a pool to compare it with.
with

auras as (
    select * from {{ ref('mart_audio_aura') }}
),

pool as (
    select distinct feature
    from {{ ref('int_pool_distribution') }}
)

{% for measure in acoustic_measures() %}
select
    auras.audio_aura_key,
    '{{ measure }}' as feature
from auras
left join pool
    on pool.feature = '{{ measure }}'
where
    auras.percentile_{{ measure }} < 0
    or auras.percentile_{{ measure }} > 1
    or (
        auras.percentile_{{ measure }} is null
        and auras.mean_{{ measure }} is not null
        and pool.feature is not null
    )
    or (auras.percentile_{{ measure }} is not null and auras.mean_{{ measure }} is null)
{% if not loop.last %}union all{% endif %}
{% endfor %}
