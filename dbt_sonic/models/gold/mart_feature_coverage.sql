with

window_tracks as (
    select * from {{ ref('int_window_tracks') }}
),

windows as (
    select * from {{ ref('int_windows') }}
),

features as (
    select * from {{ ref('int_track_features') }}
),

sourced as (
    select
        window_tracks.user_id,
        window_tracks.window_id,
        window_tracks.count_plays,
        case when features.feature_source = 'reccobeats' then window_tracks.count_plays else 0 end
            as count_reccobeats_plays,
        case when features.feature_source = 'kaggle' then window_tracks.count_plays else 0 end
            as count_kaggle_plays
    from window_tracks
    left join features
        on window_tracks.track_id = features.track_id
),

covered as (
    select
        user_id,
        window_id,
        sum(count_plays) as count_plays,
        sum(count_reccobeats_plays) as count_reccobeats_plays,
        sum(count_kaggle_plays) as count_kaggle_plays
    from sourced
    group by user_id, window_id
),

final as (
    select
        {{ hash_key(composite_id(['covered.user_id', 'covered.window_id'])) }}
            as feature_coverage_key,
        {{ hash_key('covered.user_id') }} as user_key,
        covered.window_id,
        windows.first_date,
        windows.last_date,
        cast(covered.count_plays as bigint) as count_plays,
        cast(covered.count_reccobeats_plays as bigint) as count_reccobeats_plays,
        cast(covered.count_kaggle_plays as bigint) as count_kaggle_plays,
        cast(covered.count_reccobeats_plays + covered.count_kaggle_plays as {{ type_double() }})
        / covered.count_plays as share_with_features
    from covered
    inner join windows
        on covered.user_id = windows.user_id
        and covered.window_id = windows.window_id
)

select * from final
