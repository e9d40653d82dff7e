with

named as (
    select * from {{ ref('int_named_tracks') }}
),

tracks as (
    select * from {{ ref('int_tracks') }}
),

features as (
    select * from {{ ref('int_track_features') }}
),

links as (
    select * from {{ ref('int_track_links') }}
),

described as (
    select
        named.track_id,
        coalesce(tracks.track_name, named.track_name) as track_name,
        coalesce(tracks.artist_name, named.artist_name) as artist_name,
        tracks.isrc,
        coalesce(links.recording_id, named.track_id) as recording_id,
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
    left join tracks
        on named.track_id = tracks.track_id
    left join features
        on named.track_id = features.track_id
    left join links
        on named.track_id = links.track_id
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
        recording_id,
        {{ hash_key('album_id') }} as album_key,
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
