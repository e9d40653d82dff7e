-- The number of rounds of `one_to_one` is fixed: it has to be enough for all pairs.
with

pairs as (
    select * from {{ ref('int_play_match_candidates') }}
),

matches as (
    select * from {{ ref('int_play_matches') }}
)

select
    pairs.api_play_id,
    pairs.export_play_id
from pairs
left join matches as matches_of_api
    on pairs.api_play_id = matches_of_api.api_play_id
left join matches as matches_of_export
    on pairs.export_play_id = matches_of_export.export_play_id
where matches_of_api.api_play_id is null and matches_of_export.export_play_id is null
