"""The parts of a catalogue: artists, albums, tracks, and the columns of its file."""

from dataclasses import dataclass

FEATURES = (
    "acousticness", "danceability", "energy", "instrumentalness", "key", "liveness", "loudness",
    "mode", "speechiness", "tempo", "valence",
)  # fmt: skip
COLUMNS = (
    "id", "name", "album", "album_id", "artists", "artist_ids", "track_number", "disc_number",
    "explicit", "danceability", "energy", "key", "loudness", "mode", "speechiness", "acousticness",
    "instrumentalness", "liveness", "valence", "tempo", "duration_ms", "time_signature", "year",
    "release_date",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Artist:
    """A credited artist."""

    artist_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Album:
    """A release; `release_date` has the precision of the catalogue (year, month or day)."""

    album_id: str
    name: str
    artist: Artist
    release_date: str
    count_tracks: int


@dataclass(frozen=True, slots=True)
class Track:
    """A recording on an album."""

    track_id: str
    name: str
    album: Album
    artists: tuple[Artist, ...]
    duration_ms: int
    is_explicit: bool
    disc_number: int
    track_number: int
    isrc: str
    year: int
