with

saved_tracks as (
    select * from {{ ref('stg_spotify__saved_tracks') }}
),

passes as (
    select * from {{ ref('stg_spotify__full_passes') }}
    where data_type = 'saved_tracks'
),

removals as (
    select
        saved_tracks.user_id,
        saved_tracks.track_id,
        min(passes.started_at) as removed_at
    from saved_tracks
    inner join passes
        on saved_tracks.user_id = passes.user_id
        and saved_tracks.last_captured_at < passes.started_at
    group by saved_tracks.user_id, saved_tracks.track_id
),

final as (
    select
        saved_tracks.*,
        removals.removed_at
    from saved_tracks
    left join removals
        on saved_tracks.user_id = removals.user_id
        and saved_tracks.track_id = removals.track_id
)

select * from final
