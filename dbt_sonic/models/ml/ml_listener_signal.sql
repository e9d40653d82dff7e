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

signals as (
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
        signals.user_id,
        signals.track_id,
        coalesce(tracks.track_name, signals.track_name) as track_name,
        coalesce(tracks.artist_name, signals.artist_name) as artist_name,
        coalesce(tracks.isrc, reccobeats.isrc) as isrc,
        signals.count_plays,
        signals.count_skips,
        {{ as_boolean('signals.saved = 1') }} as is_saved,
        {{ as_boolean('signals.playlisted = 1') }} as is_playlisted,
        cast(
            round(
                (
                    0.1
                    + signals.count_plays * 1.0 / (signals.count_plays + 2)
                    + 0.8 * signals.saved
                    + 0.6 * signals.playlisted
                )
                * (1 - 0.5 * signals.count_skips / (signals.count_plays + signals.count_skips + 1)),
                6
            ) as {{ type_double() }}
        ) as strength,
        signals.first_at,
        signals.last_at
    from signals
    left join tracks
        on signals.track_id = tracks.track_id
    left join reccobeats
        on signals.track_id = reccobeats.track_id
)

select * from final
