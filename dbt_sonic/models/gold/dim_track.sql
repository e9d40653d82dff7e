with

touched as (
    select * from {{ ref('int_touched_tracks') }}
),

recommendations as (
    select * from {{ ref('ml_recommendations') }}
),

clock as (
    select * from {{ ref('stg_sonic__run_clock') }}
),

tracks as (
    select * from {{ ref('int_tracks') }}
),

features as (
    select * from {{ ref('int_track_features') }}
),

named as (
    select track_id from touched
    union
    -- Earlier lists are left out: their tracks may be of a catalogue that was replaced.
    select recommendations.track_id
    from recommendations
    inner join clock
        on recommendations.as_of = clock.as_of
),

described as (
    select
        named.track_id,
        coalesce(tracks.track_name, touched.track_name) as track_name,
        coalesce(tracks.artist_name, touched.artist_name) as artist_name,
        tracks.isrc,
        tracks.artist_id,
        tracks.album_id,
        tracks.album_name,
        tracks.release_date,
        tracks.release_year,
        tracks.duration_ms,
        tracks.is_explicit,
        tracks.spotify_url,
        features.feature_source,
        features.{{ acoustic_features() | join(', features.') }},
        features.vibe,
        {{ as_boolean('tracks.track_id is null') }} as is_inferred
    from named
    left join touched
        on named.track_id = touched.track_id
    left join tracks
        on named.track_id = tracks.track_id
    left join features
        on named.track_id = features.track_id
),

members as (
    {{ with_unknown_member('described') }}
),

final as (
    select
        {{ hash_key('track_id') }} as track_key,
        track_id,
        coalesce(track_name, 'Unknown') as track_name,
        {{ hash_key('artist_id') }} as artist_key,
        artist_id,
        coalesce(artist_name, 'Unknown') as artist_name,
        isrc,
        album_id,
        album_name,
        release_date,
        cast(release_year as int) as release_year,
        duration_ms,
        is_explicit,
        spotify_url,
        feature_source,
        {{ acoustic_features() | join(', ') }},
        coalesce(vibe, 'Unknown') as vibe,
        coalesce(is_inferred, cast(0 as {{ dbt.type_boolean() }})) as is_inferred
    from members
)

select * from final
