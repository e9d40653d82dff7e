-- A vibe that a join lost is visible in no single row.
select
    user_key,
    local_date_key,
    sum(share_of_plays) as total_share
from {{ ref('mart_vibe_check') }}
group by user_key, local_date_key
having abs(sum(share_of_plays) - 1) > 0.000001
