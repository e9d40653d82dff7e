{{ config(materialized='incremental', incremental_strategy='overwrite_days') }}

{%- set tolerance_ms = var('match_tolerance_s') * 1000 %}

with

account_plays as (
    select
        plays.*,
        {{ epoch_ms('plays.ended_at') }} as ended_ms
    from {{ ref('int_plays_unioned') }} as plays
    {{ only_days_to_rebuild('plays') }}
    where plays.origin = 'account'
),

account_listeners as (
    select distinct user_id from account_plays
),

extended_plays as (
    select
        plays.*,
        {{ epoch_ms('plays.ended_at') }} as ended_ms
    from {{ ref('int_plays_unioned') }} as plays
    inner join account_listeners
        on plays.user_id = account_listeners.user_id
    {{ only_days_to_rebuild('plays') }}
    where plays.origin = 'export'
),

account_hours as (
    {{ hours_within_reach('account_plays', 'ended_ms', tolerance_ms) }}
),

extended_hours as (
    select
        *,
        {{ hour_number('ended_ms') }} as hour_number
    from extended_plays
),

final as (
    select distinct
        account_hours.play_id,
        account_hours.user_id,
        account_hours.utc_day,
        {{ rebuild_watermark() }} as loaded_at
    from account_hours
    inner join extended_hours
        on account_hours.user_id = extended_hours.user_id
        and account_hours.hour_number = extended_hours.hour_number
        and account_hours.track_words = extended_hours.track_words
        and account_hours.artist_words = extended_hours.artist_words
        and abs(account_hours.ended_ms - extended_hours.ended_ms) <= {{ tolerance_ms }}
)

select * from final
