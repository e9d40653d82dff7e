"""Saves, playlists and follows in a random world, and what Spotify returns of them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from tests.dbt.songs import COUNT_ARTISTS, Rows, Songs

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TERMS = ("short_term", "medium_term", "long_term")
SYNC_TAKES = timedelta(seconds=5)  # from the start of a full sync to its pages


@dataclass
class Playlist:
    """The current state of a playlist; each change makes another snapshot."""

    playlist_id: str
    owner_id: str | None
    snapshot: int = 0
    items: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Library:
    """Saves, playlists and followed artists of all listeners."""

    rng: Random
    songs: Songs
    saves: dict[str, dict[str, datetime | None]] = field(default_factory=dict)
    playlists: dict[str, Playlist] = field(default_factory=dict)

    def saved(self, user_id: str, now: datetime) -> Rows:
        """Save and un-save a few tracks; return the newest saves, or all in a full sync."""
        rng, saves = self.rng, self.saves.setdefault(user_id, {})
        for _ in range(rng.randint(0, 3)):  # some of them are saved already
            added_at = now - timedelta(minutes=rng.randint(1, 3000))
            saves[self.songs.any_played()] = rng.choice([added_at, added_at, added_at, None])
        if saves and rng.random() < 0.5:
            del saves[rng.choice(sorted(saves))]
        full = rng.random() < 0.5
        captured = list(saves.items()) if full else list(saves.items())[-2:]
        rows = [
            {"user_id": user_id, "added_at": added_at, **self._track(track_id)}
            for track_id, added_at in captured
        ]
        full_syncs = [_full_sync(user_id, "saved_tracks", now, len(rows))] if full else []
        return {"spotify_saved_tracks": rows, "spotify_full_passes": full_syncs}

    def collected(self, user_id: str, now: datetime) -> Rows:
        """Change a playlist and return its items; one is shared by all listeners."""
        rng = self.rng
        playlist_id = rng.choice([f"{user_id}-mix", "shared"])
        owner_id = "ada" if playlist_id == "shared" else user_id
        playlist = self.playlists.setdefault(playlist_id, Playlist(playlist_id, owner_id))
        if playlist_id == "shared" and rng.random() < 0.1:
            playlist.owner_id = rng.choice(["ada", "bob", None])
        self._edit(playlist, user_id, now)
        readable = rng.random() < 0.85
        key = {"user_id": user_id, "playlist_id": playlist_id}
        snapshot = {**key, "snapshot_id": f"s{playlist.snapshot}"}
        described = {
            **snapshot,
            "playlist_name": rng.choice(["Mix", "Old mix"]),
            "owner_id": playlist.owner_id,
            "is_collaborative": playlist_id == "shared",
            "is_readable": readable,
            "count_items": len(playlist.items),
        }
        if not readable:
            return {"spotify_playlists": [described]}
        ended = _full_sync(user_id, "playlist_items", now, len(playlist.items)) | snapshot
        return {
            "spotify_playlists": [described],
            "spotify_playlist_items": [
                {**snapshot, "position": position, **item}
                for position, item in enumerate(playlist.items)
            ],
            "spotify_full_passes": [ended],
        }

    def favorites(self, user_id: str) -> Rows:
        """Return top items and followed artists."""
        rng = self.rng
        artists = [f"a{number}" for number in rng.sample(range(COUNT_ARTISTS + 2), 4)]
        tracks = rng.sample(sorted(self.songs.of_id), rng.randint(2, 5))
        named = {
            "tracks": [(key, self.songs.of_id[key].name) for key in tracks],
            "artists": [(key, f"Artist {key[1:]}") for key in artists],
        }
        return {
            "spotify_top_items": [
                {"kind": kind, "term": term, "rank": rank, "item_id": key, "item_name": name}
                | {"user_id": user_id}
                for term in rng.sample(TERMS, 2)
                for kind, items in named.items()
                for rank, (key, name) in enumerate(items, start=1)
            ],
            "spotify_followed_artists": [
                {"user_id": user_id, "artist_id": key, "artist_name": name}
                for key, name in named["artists"][:2]
            ],
        }

    def _edit(self, playlist: Playlist, user_id: str, now: datetime) -> None:
        rng, before = self.rng, list(playlist.items)
        if playlist.items and rng.random() < 0.4:
            playlist.items.pop(rng.randrange(len(playlist.items)))
        for _ in range(rng.choice([0, 1, 2])):
            added_at = now - timedelta(minutes=rng.randint(1, 3000))
            item = {
                **self._item(),
                "added_at": rng.choice([added_at, added_at, None, EPOCH]),
                "added_by_id": rng.choice([user_id, user_id, "stranger", None, ""]),
            }
            copies = rng.choice([1, 1, 1, 2])
            place = rng.randint(0, len(playlist.items))
            playlist.items[place:place] = [item] * copies
        playlist.snapshot += playlist.items != before

    def _item(self) -> dict[str, Any]:
        dice = self.rng.random()
        if dice < 0.08:
            return {"item_type": None, "is_local": False}
        if dice < 0.16:
            return {"item_type": "episode", "track_id": "e1", "is_local": False}
        if dice < 0.24:
            names = {"track_name": "Engine", "artist_name": "Ada"}
            local = {"track_uri": "spotify:local:Engine", "is_local": True}
            return {"item_type": "track", **local, **names}
        track = self._track(self.songs.any_played())
        return {"item_type": "track", "is_local": False, **track}

    def _track(self, track_id: str) -> dict[str, Any]:
        song = self.songs.of_id[track_id]
        names = {"track_name": song.name, "artist_name": song.artist_name}
        return {"track_id": track_id, "track_uri": f"spotify:track:{track_id}", **names}


def _full_sync(user_id: str, data_type: str, now: datetime, count: int) -> dict[str, Any]:
    started_at = now - SYNC_TAKES
    named = {"user_id": user_id, "data_type": data_type}
    return {**named, "started_at": started_at, "count_items": count}
