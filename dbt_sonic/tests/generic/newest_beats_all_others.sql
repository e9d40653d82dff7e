{# The metrics of the newest model in which another method is at least as good. #}
{% test newest_beats_all_others(model, method, metrics) %}
with

figures as (
    select * from {{ model }}
    where
        metric in ('{{ metrics | join("', '") }}')
        and trained_as_of = (select max(trained_as_of) from {{ model }})
)

select
    rivals.method,
    rivals.metric,
    rivals.value as rival_value,
    figures.value
from figures
inner join figures as rivals
    on figures.model_id = rivals.model_id and figures.metric = rivals.metric
where figures.method = '{{ method }}' and rivals.method <> '{{ method }}' and figures.value <= rivals.value
{% endtest %}
