"""ReccoBeats: acoustic features of tracks that are known by their Spotify id."""
