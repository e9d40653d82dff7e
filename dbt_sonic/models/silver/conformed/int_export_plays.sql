{{ config(materialized='table') }}

{%- set tolerance_ms = var('match_tolerance_s') * 1000 %}

with

tracks as (
    select
        *,
        {{ epoch_ms('ended_at') }} as ended_ms,
        lower(track_name) as track_words,
        lower(artist_name) as artist_words
    from {{ ref('stg_streaming_history__plays') }}
    where content_type = 'track'
),

account_plays as (
    select * from tracks
    where kind like 'account%'
),

extended_hours as (
    select
        user_id,
        track_words,
        artist_words,
        ended_ms,
        {{ hour_number('ended_ms') }} as hour_number
    from tracks
    where kind not like 'account%'
),

account_hours as (
    {{ hours_within_reach('account_plays', 'ended_ms', tolerance_ms) }}
),

told_twice as (
    select distinct account_hours.play_id
    from account_hours
    inner join extended_hours
        on account_hours.user_id = extended_hours.user_id
        and account_hours.hour_number = extended_hours.hour_number
        and account_hours.track_words = extended_hours.track_words
        and account_hours.artist_words = extended_hours.artist_words
        and abs(account_hours.ended_ms - extended_hours.ended_ms) <= {{ tolerance_ms }}
),

final as (
    select
        tracks.play_id,
        tracks.user_id,
        tracks.kind,
        tracks.ended_at,
        {{ add_ms('tracks.ended_at', '-tracks.ms_played') }} as started_at,
        tracks.ms_played,
        tracks.track_id,
        tracks.track_uri,
        tracks.track_name,
        tracks.artist_name,
        tracks.reason_start,
        tracks.reason_end,
        tracks.is_shuffle,
        tracks.is_skipped,
        tracks.is_offline
    from tracks
    left join told_twice
        on tracks.play_id = told_twice.play_id
    where told_twice.play_id is null
)

select * from final
