{{ config(materialized='incremental', incremental_strategy='overwrite_days') }}

{%- set shared_columns = [
    'play_id', 'user_id', 'utc_day', 'track_id', 'track_uri', 'track_name', 'artist_name',
    'is_local',
] %}
{%- set export_columns = [
    'ms_played', 'reason_start', 'reason_end', 'is_skip', 'is_shuffle', 'is_offline',
] %}

with

api_plays as (
    select plays.*
    from {{ ref('stg_spotify__plays') }} as plays
    {{ only_days_to_rebuild('plays') }}
),

duplicates as (
    select * from {{ ref('int_export_duplicates') }}
),

matches as (
    select * from {{ ref('int_play_matches') }}
),

skip_reasons as (
    select * from {{ ref('skip_reasons') }}
),

export_plays as (
    select
        plays.*,
        {{ as_boolean("plays.track_uri like 'spotify:local:%'") }} as is_local,
        case
            when plays.is_skipped is not null then plays.is_skipped
            when
                skip_reasons.is_skip = cast(0 as {{ dbt.type_boolean() }})
                or plays.ms_played < {{ var('counted_play_ms') }}
                then skip_reasons.is_skip
        end as is_skip
    from {{ ref('stg_streaming_history__plays') }} as plays
    left join skip_reasons
        on plays.reason_end = skip_reasons.reason_end
    {{ only_days_to_rebuild('plays') }}
    where plays.content_type = 'track'
),

merged as (
    select
        api_plays.{{ shared_columns | join(', api_plays.') }},
        api_plays.played_at,
        -- The API's end can be the start of the play.
        case
            when export_plays.started_at > api_plays.played_at then api_plays.played_at
            else export_plays.started_at
        end as started_at,
        api_plays.context_uri,
        export_plays.{{ export_columns | join(', export_plays.') }},
        case when matches.export_play_id is null then 'api' else 'both' end as origin
    from api_plays
    left join matches
        on api_plays.play_id = matches.api_play_id
    left join export_plays
        on matches.export_play_id = export_plays.play_id
    union all
    select
        export_plays.{{ shared_columns | join(', export_plays.') }},
        export_plays.ended_at as played_at,
        export_plays.started_at,
        cast(null as {{ dbt.type_string() }}) as context_uri,
        export_plays.{{ export_columns | join(', export_plays.') }},
        'export' as origin
    from export_plays
    left join matches
        on export_plays.play_id = matches.export_play_id
    left join duplicates
        on export_plays.play_id = duplicates.play_id
    where matches.export_play_id is null and duplicates.play_id is null
),

final as (
    select
        *,
        {{ rebuild_watermark() }} as loaded_at
    from merged
)

select * from final
