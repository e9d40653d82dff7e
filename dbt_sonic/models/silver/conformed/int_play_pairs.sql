{{ config(materialized='table') }}

{%- set tolerance_ms = var('match_tolerance_s') * 1000 %}

with

recordings as (
    select * from {{ ref('int_recordings') }}
),

api_plays as (
    select
        plays.play_id,
        plays.user_id,
        plays.track_id,
        recordings.recording_id,
        lower(plays.track_name) as track_words,
        lower(plays.artist_name) as artist_words,
        {{ epoch_ms('plays.played_at') }} as played_ms
    from {{ ref('stg_spotify__plays') }} as plays
    left join recordings
        on plays.track_id = recordings.track_id
),

export_plays as (
    select
        plays.play_id,
        plays.user_id,
        plays.track_id,
        recordings.recording_id,
        lower(plays.track_name) as track_words,
        lower(plays.artist_name) as artist_words,
        {{ epoch_ms('plays.ended_at') }} as ended_ms,
        {{ epoch_ms('plays.ended_at') }} - plays.ms_played as started_ms
    from {{ ref('int_export_plays') }} as plays
    left join recordings
        on plays.track_id = recordings.track_id
),

api_hours as (
    {{ hours_within_reach('api_plays', 'played_ms', tolerance_ms) }}
),

export_hours as (
    select
        export_plays.*,
        {{ hour_number('ended_ms') }} as hour_number
    from export_plays
    union all
    select
        export_plays.*,
        {{ hour_number('started_ms') }} as hour_number
    from export_plays
    where {{ hour_number('started_ms') }} <> {{ hour_number('ended_ms') }}
),

pairs_of_a_recording as (
    select
        api_hours.user_id,
        api_hours.recording_id as match_key,
        api_hours.play_id as api_play_id,
        export_hours.play_id as export_play_id,
        api_hours.played_ms,
        export_hours.started_ms,
        export_hours.ended_ms
    from api_hours
    inner join export_hours
        on api_hours.user_id = export_hours.user_id
        and api_hours.hour_number = export_hours.hour_number
        and api_hours.recording_id = export_hours.recording_id
),

pairs_by_name as (
    select
        api_hours.user_id,
        {{ composite_id(['api_hours.track_words', 'api_hours.artist_words']) }} as match_key,
        api_hours.play_id as api_play_id,
        export_hours.play_id as export_play_id,
        api_hours.played_ms,
        export_hours.started_ms,
        export_hours.ended_ms
    from api_hours
    inner join export_hours
        on api_hours.user_id = export_hours.user_id
        and api_hours.hour_number = export_hours.hour_number
        and api_hours.track_words = export_hours.track_words
        and api_hours.artist_words = export_hours.artist_words
    where api_hours.track_id is null or export_hours.track_id is null
),

candidates as (
    select * from pairs_of_a_recording
    union
    select * from pairs_by_name
),

nearest as (
    select
        user_id,
        match_key,
        api_play_id,
        export_play_id,
        played_ms,
        ended_ms,
        case
            when abs(played_ms - ended_ms) < abs(played_ms - started_ms)
                then abs(played_ms - ended_ms)
            else abs(played_ms - started_ms)
        end as distance_ms
    from candidates
),

final as (
    select
        *,
        count(*) over (partition by api_play_id) as count_of_api_play,
        count(*) over (partition by export_play_id) as count_of_export_play
    from nearest
    where distance_ms <= {{ tolerance_ms }}
)

select * from final
