with

catalogue as (
    select * from {{ ref('stg_kaggle__tracks') }}
    where {{ is_in_pool() }}
),

spotify_tracks as (
    select * from {{ ref('stg_spotify__tracks') }}
),

reccobeats as (
    select * from {{ ref('stg_reccobeats__audio_features') }}
),

final as (
    select
        catalogue.track_id,
        catalogue.track_name,
        catalogue.artist_name,
        catalogue.artist_id,
        catalogue.album_id,
        coalesce(spotify_tracks.isrc, reccobeats.isrc) as isrc,
        catalogue.release_year,
        catalogue.duration_ms,
        catalogue.acousticness,
        catalogue.danceability,
        catalogue.energy,
        catalogue.instrumentalness,
        catalogue.liveness,
        catalogue.loudness,
        catalogue.speechiness,
        catalogue.tempo,
        catalogue.valence,
        catalogue.musical_key,
        catalogue.musical_mode
    from catalogue
    left join spotify_tracks
        on catalogue.track_id = spotify_tracks.track_id
    left join reccobeats
        on catalogue.track_id = reccobeats.track_id
)

select * from final
