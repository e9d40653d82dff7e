{{ config(
    materialized='incremental', incremental_strategy='overwrite_days', meta={'calendar': 'local'}
) }}

with

plays as (
    select
        plays.*,
        case when plays.is_counted_play = cast(1 as {{ dbt.type_boolean() }}) then 1 else 0 end
            as counted_play,
        case when plays.is_skip = cast(1 as {{ dbt.type_boolean() }}) then 1 else 0 end
            as known_skip
    from {{ ref('int_plays') }} as plays
    {{ only_days_to_rebuild('plays', calendar='local') }}
),

final as (
    select
        user_id,
        local_date,
        track_id,
        max(recording_id) as recording_id,
        max(artist_id) as artist_id,
        count(*) as count_all_plays,
        {{ whole_sum('counted_play') }} as count_plays,
        {{ whole_sum('known_skip') }} as count_skips,
        {{ whole_sum('coalesce(ms_played, 0)') }} as ms_played,
        min(played_at) as first_played_at,
        max(played_at) as last_played_at,
        {{ rebuild_watermark() }} as loaded_at
    from plays
    group by user_id, local_date, track_id
)

select * from final
