with

saved_tracks as (
    select * from {{ ref('stg_spotify__saved_tracks') }}
),

full_syncs as (
    select * from {{ ref('stg_spotify__full_passes') }}
    where data_type = 'saved_tracks'
),

removals as (
    select
        saved_tracks.user_id,
        saved_tracks.track_id,
        min(full_syncs.started_at) as removed_at
    from saved_tracks
    inner join full_syncs
        on saved_tracks.user_id = full_syncs.user_id
        and saved_tracks.last_captured_at < full_syncs.started_at
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
