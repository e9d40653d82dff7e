-- Thresholds are data that anyone can edit: they have to cover the plane of energy and valence
-- without overlap, which a test of single rows cannot check.
with

digits as (
    select * from {{ ref('digits') }}
),

steps as (
    {{ numbers(101, 'digits') }}
),

moods as (
    select
        energies.number * 0.01 as energy,
        valences.number * 0.01 as valence
    from steps as energies
    cross join steps as valences
),

vibes as (
    select * from {{ ref('vibe_thresholds') }}
)

select
    moods.energy,
    moods.valence,
    count(vibes.vibe) as count_vibes
from moods
left join vibes
    on moods.energy >= vibes.energy_from
    and (moods.energy < vibes.energy_below or vibes.energy_below is null)
    and moods.valence >= vibes.valence_from
    and (moods.valence < vibes.valence_below or vibes.valence_below is null)
group by moods.energy, moods.valence
having count(vibes.vibe) <> 1
