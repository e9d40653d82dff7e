"""The songs of a random world, and what its sources say about them, sooner or later.

A song has several track ids. The ISRC and artist that Spotify gives an id may change, and so may
the features. So ids become one recording, or stop being one, long after they were played.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any

Rows = dict[str, list[dict[str, Any]]]

COUNT_SONGS, COUNT_ARTISTS, COUNT_POOL = 22, 9, 12  # too few artists for fifteen ranks
MEASURES = ("acousticness", "danceability", "instrumentalness", "liveness", "speechiness")
WITHOUT_ISRC, WITH_A_WRONG_ISRC = 0.4, 0.15


@dataclass
class Song:
    """A song, its track ids, and its current name."""

    number: int
    artist: int
    name: str
    track_ids: list[str]

    @property
    def artist_name(self) -> str:
        return f"Artist {self.artist}"

    @property
    def isrc(self) -> str:
        return f"usx{self.number}"


@dataclass
class Songs:
    """All songs; `described` are the ids that Spotify has described."""

    rng: Random
    songs: list[Song] = field(default_factory=list)
    described: set[str] = field(default_factory=set)
    catalogue: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for number in range(COUNT_SONGS + COUNT_POOL):
            count_ids = self.rng.randint(1, 3) if number < COUNT_SONGS else 1
            track_ids = [f"t{number}{letter}" for letter in "abc"[:count_ids]]
            artist = self.rng.randrange(COUNT_ARTISTS)
            self.songs.append(Song(number, artist, f"Song {number}", track_ids))
        self.of_id = {track_id: song for song in self.songs for track_id in song.track_ids}
        self.artists = {track_id: song.artist for track_id, song in self.of_id.items()}
        self.isrcs = {track_id: self._isrc(song) for track_id, song in self.of_id.items()}

    def any_played(self) -> str:
        """Return an id; a few songs are played far more often than others."""
        number = min(int(self.rng.expovariate(0.15)), COUNT_SONGS - 1)
        return self.rng.choice(self.songs[number].track_ids)

    def describe(self, track_id: str) -> Rows:
        """Return Spotify's current description of a track."""
        rng, song = self.rng, self.of_id[track_id]
        first = self.artists[track_id]
        second = rng.choice([None, (first + 1) % COUNT_ARTISTS])
        artists = [(f"a{n}", f"Artist {n}") for n in (first, second) if n is not None]
        self.described.add(track_id)
        track = {
            "track_id": track_id,
            "track_name": song.name,
            "isrc": self.isrcs[track_id],
            "album_id": f"b{song.number}",
            "artist_id": f"a{first}",
            "duration_ms": 180_000 + song.number,
            "is_explicit": song.number % 2 == 0,
            "popularity": rng.choice([None, 10, 20]),
        }
        album = {
            "album_id": f"b{song.number}",
            "album_name": rng.choice([f"Album {song.number}", f"Album {song.number} (Deluxe)"]),
            "album_type": "album",
            "release_date": rng.choice(["1999", "2020-05", "2021-06-07"]),
        }
        return {
            "spotify_tracks": [track],
            "spotify_track_artists": [
                {"track_id": track_id, "artist_id": key, "artist_name": name, "position": position}
                for position, (key, name) in enumerate(artists, start=1)
            ],
            "spotify_albums": [album] if rng.random() < 0.7 else [],
            "spotify_artists": [self._artist(key, name) for key, name in artists],
        }

    def change(self, track_id: str) -> None:
        """Change what Spotify says about a track: its ISRC, its first artist or its name."""
        song = self.of_id[track_id]
        what = self.rng.choice(["isrc", "isrc", "artist", "name"])
        if what == "isrc":
            self.isrcs[track_id] = self._isrc(song)
        elif what == "artist":
            self.artists[track_id] = self.rng.randrange(COUNT_ARTISTS)
        else:
            song.name = f"Song {song.number}{self.rng.choice(['', ' - Remastered'])}"

    def features(self, track_ids: Iterable[str]) -> Rows:
        """Return ReccoBeats' features: sometimes without a mood, sometimes with an ISRC."""
        rows: Rows = {"reccobeats_mapping": [], "reccobeats_audio_features": []}
        for track_id in track_ids:
            known = self.rng.random() < 0.8
            key = f"r-{track_id}" if known else None
            rows["reccobeats_mapping"].append({"track_id": track_id, "reccobeats_id": key})
            if known:
                isrc = self.rng.choice([None, self.of_id[track_id].isrc])
                names = {"track_id": track_id, "reccobeats_id": key, "isrc": isrc}
                rows["reccobeats_audio_features"].append({**names, **self._measures()})
        return rows

    def replace_catalogue(self) -> list[dict[str, Any]]:
        """Return another file of the catalogue: some tracks are gone, others have new features."""
        held = [song for song in self.of_id.items() if self.rng.random() < 0.75]
        self.catalogue = [
            {
                "id": track_id,
                "name": song.name,
                "artists": f"['{song.artist_name}']",
                "artist_ids": f"['a{song.artist}']",
                "album": f"Album {song.number}",
                "album_id": f"b{song.number}",
                "explicit": False,
                "duration_ms": 180_000,
                "year": self.rng.choice([0, 1999]),
                "release_date": "1999",
                "key": musical["musical_key"],
                "mode": musical["musical_mode"],
                **{name: value for name, value in musical.items() if "musical" not in name},
            }
            for track_id, song in held
            for musical in [self._measures()]
        ]
        return self.catalogue

    def recommendable(self) -> list[str]:
        """Return the ids of the catalogue that have a mood and no plays."""
        moods = [row["id"] for row in self.catalogue if row["energy"] is not None]
        return [track_id for track_id in moods if self.of_id[track_id].number >= COUNT_SONGS]

    def _isrc(self, song: Song) -> str | None:
        dice = self.rng.random()
        if dice < WITHOUT_ISRC:
            return None
        played = song.number < COUNT_SONGS
        wrong = played and dice < WITHOUT_ISRC + WITH_A_WRONG_ISRC
        isrc = self.rng.choice(self.songs[:5]).isrc if wrong else song.isrc
        return self.rng.choice([isrc, isrc.upper()])

    def _artist(self, artist_id: str, name: str) -> dict[str, Any]:
        full = self.rng.random() < 0.4
        image = f"https://i/{artist_id}/{self.rng.randrange(3)}" if full else None
        names = {"artist_id": artist_id, "artist_name": name, "image_url": image}
        return {**names, "is_full": full, "popularity": self.rng.randrange(99)}

    def _measures(self) -> dict[str, Any]:
        def value() -> float:
            return round(self.rng.random(), 3)

        measured = {name: value() for name in MEASURES}
        mood = {"energy": value(), "valence": value()} if self.rng.random() < 0.9 else {}
        sound = {"loudness": -10 * value(), "tempo": self.rng.choice([0.0, 90.5, 128.0])}
        tone = {"musical_key": self.rng.randint(-1, 11), "musical_mode": self.rng.randint(0, 1)}
        return {"energy": None, "valence": None, **measured, **mood, **sound, **tone}
