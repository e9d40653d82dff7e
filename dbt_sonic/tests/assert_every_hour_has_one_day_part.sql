-- Day parts are data that anyone can edit: an hour in none of them would make its minutes unknown,
-- an hour in two would double them.
select
    times.hour_of_day,
    count(*) as count_minutes
from {{ ref('dim_time') }} as times
where times.time_key <> -1
group by times.hour_of_day
having
    count(*) <> 60
    or max(case when times.day_part = 'Unknown' then 1 else 0 end) = 1
