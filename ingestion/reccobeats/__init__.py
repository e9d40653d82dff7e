"""ReccoBeats: acoustic features of tracks, requested by Spotify id."""
