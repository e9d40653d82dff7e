{%- set is_kept = 'is_undone = cast(0 as ' ~ dbt.type_boolean() ~ ')' %}

with

activities as (
    select * from {{ ref('int_activities') }}
    where track_id is not null
),

tracks as (
    select * from {{ ref('int_tracks') }}
),

reccobeats as (
    select * from {{ ref('stg_reccobeats__audio_features') }}
),

touched as (
    select
        user_id,
        track_id,
        max(track_name) as track_name,
        max(artist_name) as artist_name,
        sum(case when is_counted_play = cast(1 as {{ dbt.type_boolean() }}) then 1 else 0 end)
            as count_plays,
        sum(case when is_skip = cast(1 as {{ dbt.type_boolean() }}) then 1 else 0 end)
            as count_skips,
        max(case when activity_type = 'save' and {{ is_kept }} then 1 else 0 end) as saved,
        max(case when activity_type = 'playlist_addition' and {{ is_kept }} then 1 else 0 end)
            as playlisted,
        min(occurred_at) as first_at,
        max(occurred_at) as last_at
    from activities
    group by user_id, track_id
),

final as (
    select
        touched.user_id,
        touched.track_id,
        coalesce(tracks.track_name, touched.track_name) as track_name,
        coalesce(tracks.artist_name, touched.artist_name) as artist_name,
        coalesce(tracks.isrc, reccobeats.isrc) as isrc,
        touched.count_plays,
        touched.count_skips,
        {{ as_boolean('touched.saved = 1') }} as is_saved,
        {{ as_boolean('touched.playlisted = 1') }} as is_playlisted,
        cast(
            round(
                (
                    0.1
                    + touched.count_plays * 1.0 / (touched.count_plays + 2)
                    + 0.8 * touched.saved
                    + 0.6 * touched.playlisted
                )
                * (1 - 0.5 * touched.count_skips / (touched.count_plays + touched.count_skips + 1)),
                6
            ) as {{ type_double() }}
        ) as strength,
        touched.first_at,
        touched.last_at
    from touched
    left join tracks
        on touched.track_id = tracks.track_id
    left join reccobeats
        on touched.track_id = reccobeats.track_id
)

select * from final
