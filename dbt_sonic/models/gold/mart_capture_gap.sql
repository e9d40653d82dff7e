with

gaps as (
    select * from {{ ref('stg_spotify__capture_gaps') }}
),

imported as (
    select * from {{ ref('int_plays') }}
    where origin = 'export'
),

filled as (
    select
        gaps.user_id,
        gaps.gap_start,
        gaps.gap_end,
        count(imported.played_at) as count_imported_plays
    from gaps
    left join imported
        on gaps.user_id = imported.user_id
        and gaps.gap_start < imported.played_at
        and gaps.gap_end > imported.played_at
    group by gaps.user_id, gaps.gap_start, gaps.gap_end
),

final as (
    select
        {{ hash_key(composite_id([
            'user_id', epoch_ms('gap_start'), epoch_ms('gap_end')
        ])) }} as capture_gap_key,
        {{ hash_key('user_id') }} as user_key,
        gap_start as gap_started_at,
        gap_end as gap_ended_at,
        cast({{ epoch_ms('gap_end') }} - {{ epoch_ms('gap_start') }} as bigint) as gap_ms,
        cast(count_imported_plays as bigint) as count_imported_plays,
        {{ as_boolean('count_imported_plays > 0') }} as is_filled
    from filled
)

select * from final
