{# Of the newest model: every metric in which a rival does as well as the method, or better. #}
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
