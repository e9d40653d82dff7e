with

plays as (
    select * from {{ ref('fct_user_activity') }}
    where is_counted_play = cast(1 as {{ dbt.type_boolean() }})
),

tracks as (
    select * from {{ ref('dim_track') }}
),

vibes as (
    select
        plays.user_key,
        plays.local_date_key,
        tracks.vibe,
        count(*) as count_plays,
        {{ exact_mean('tracks.energy') }} as mean_energy,
        {{ exact_mean('tracks.valence') }} as mean_valence
    from plays
    inner join tracks
        on plays.track_key = tracks.track_key
    group by plays.user_key, plays.local_date_key, tracks.vibe
),

final as (
    select
        {{ hash_key(composite_id(['user_key', 'local_date_key', 'vibe'])) }} as vibe_check_key,
        user_key,
        local_date_key,
        vibe,
        cast(count_plays as bigint) as count_plays,
        cast(count_plays as {{ type_double() }})
        / sum(count_plays) over (partition by user_key, local_date_key) as share_of_plays,
        mean_energy,
        mean_valence
    from vibes
)

select * from final
