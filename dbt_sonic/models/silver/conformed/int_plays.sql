{{ config(materialized='table') }}

with

api_plays as (
    select * from {{ ref('stg_spotify__plays') }}
),

export_plays as (
    select * from {{ ref('int_export_plays') }}
),

matches as (
    select * from {{ ref('int_play_matches') }}
),

skip_reasons as (
    select * from {{ ref('skip_reasons') }}
),

api_and_both as (
    select
        api_plays.play_id,
        matches.export_play_id,
        api_plays.user_id,
        api_plays.track_id,
        api_plays.track_uri,
        api_plays.track_name,
        api_plays.artist_name,
        api_plays.is_local,
        api_plays.played_at,
        api_plays.context_uri,
        case when matches.export_play_id is null then 'api' else 'both' end as origin
    from api_plays
    left join matches
        on api_plays.play_id = matches.api_play_id
),

export_alone as (
    select
        export_plays.play_id,
        export_plays.play_id as export_play_id,
        export_plays.user_id,
        export_plays.track_id,
        export_plays.track_uri,
        export_plays.track_name,
        export_plays.artist_name,
        {{ as_boolean("export_plays.track_uri like 'spotify:local:%'") }} as is_local,
        export_plays.ended_at as played_at,
        cast(null as {{ dbt.type_string() }}) as context_uri,
        'export' as origin
    from export_plays
    left join matches
        on export_plays.play_id = matches.export_play_id
    where matches.export_play_id is null
),

united as (
    select * from api_and_both
    union all
    select * from export_alone
),

final as (
    select
        united.play_id,
        united.user_id,
        united.track_id,
        united.track_uri,
        united.track_name,
        united.artist_name,
        united.is_local,
        united.played_at,
        export_plays.started_at,
        united.context_uri,
        export_plays.ms_played,
        export_plays.reason_start,
        export_plays.reason_end,
        case
            when export_plays.is_skipped is not null then export_plays.is_skipped
            when
                skip_reasons.is_skip = cast(0 as {{ dbt.type_boolean() }})
                or export_plays.ms_played < {{ var('counted_play_ms') }}
                then skip_reasons.is_skip
        end as is_skip,
        export_plays.is_shuffle,
        export_plays.is_offline,
        united.origin
    from united
    left join export_plays
        on united.export_play_id = export_plays.play_id
    left join skip_reasons
        on export_plays.reason_end = skip_reasons.reason_end
)

select * from final
