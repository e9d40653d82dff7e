-- A warning: a catalogue with little to learn from, such as a handful of tracks, is no fault of the
-- run. It compares two rows, which no generic test does.
{{ config(severity='warn', enabled=target.type != 'fabric') }}

with

figures as (
    select * from {{ ref('ml_evaluation') }}
    where metric in ('ndcg', 'auc')
),

newest as (
    select max(trained_as_of) as trained_as_of from figures
)

select
    figures.model_id,
    rivals.method,
    rivals.metric,
    rivals.value as rival_value,
    figures.value as ranker_value
from figures
inner join newest
    on figures.trained_as_of = newest.trained_as_of
inner join figures as rivals
    on
        figures.model_id = rivals.model_id
        and figures.metric = rivals.metric
where
    figures.method = 'ranker'
    and rivals.method <> 'ranker'
    and figures.value <= rivals.value
