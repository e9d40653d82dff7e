{{ config(materialized='incremental', unique_key='top_item_key') }}

with

top_items as (
    select * from {{ ref('stg_spotify__top_items') }}
    where {{ is_new() }}
),

final as (
    select
        {{ hash_key(composite_id([
            'user_id', 'term', date_key('snapshot_date'), 'kind', 'item_rank'
        ])) }} as top_item_key,
        {{ hash_key('user_id') }} as user_key,
        term,
        {{ date_key('snapshot_date') }} as snapshot_date_key,
        case when kind = 'tracks' then 'track' else 'artist' end as item_kind,
        cast(item_rank as int) as item_rank,
        {{ hash_key("case when kind = 'tracks' then item_id end") }} as track_key,
        {{ hash_key("case when kind = 'artists' then item_id end") }} as artist_key,
        loaded_at
    from top_items
)

select * from final
