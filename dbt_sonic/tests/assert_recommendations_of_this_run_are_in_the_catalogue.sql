-- Earlier lists may have tracks of a catalogue that was replaced, so a relationship test of all
-- lists would always fail.
select recommendations.track_id
from {{ ml_relation('ml_recommendations') }} as recommendations
inner join {{ ref('stg_sonic__run_clock') }} as clock
    on recommendations.as_of = clock.as_of
left join {{ ref('ml_catalogue_features') }} as catalogue
    on recommendations.track_id = catalogue.track_id
where catalogue.track_id is null
