"""The Web API's JSON objects in three shapes: for new apps (2026), for older apps, as recorded."""

from datetime import datetime
from typing import Any, Literal

from simulator.api.entities import (
    API,
    AVATAR,
    COVERS,
    MARKETS,
    OPEN,
    PORTRAITS,
    Json,
    entity,
    episode,
    images,
    local_track,
    user,
)
from simulator.world import ids
from simulator.world.catalogue import Catalogue
from simulator.world.kept import Item, ItemKind, Playlist
from simulator.world.listeners import Listener
from simulator.world.music import Album, Artist, Track
from simulator.world.plays import Play

Age = Literal["new", "old", "recorded"]

_MAX_SINGLE = 3  # tracks
_PLAYLIST_NAMES: dict[Age, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "new": (("items",), ("item",)),
    "old": (("tracks",), ("track",)),
    "recorded": (("tracks", "items"), ("track", "item")),
}
_PRECISIONS = {4: "year", 7: "month", 10: "day"}


class Shapes:
    """Turns tracks, playlists, plays and so on into JSON.

    Track objects are cached, so the caller must not change them.

    Args:
        catalogue: Holds the tracks.
        age: `old` adds the fields that new apps no longer get, and uses the old names.
            `recorded` adds them, too, and has both names for the items of a playlist.
    """

    def __init__(self, catalogue: Catalogue, age: Age) -> None:
        self._catalogue = catalogue
        self._is_old = age != "new"
        self._tracks: dict[str, Json] = {}
        self.items_names, self.item_names = _PLAYLIST_NAMES[age]

    def track(self, track: Track) -> Json:
        """Make a full track object."""
        if track.track_id not in self._tracks:
            self._tracks[track.track_id] = self._simple_track(track) | {
                "album": self._simple_album(track.album),
                "external_ids": {"isrc": track.isrc},
                "is_playable": True,
                **self._only_old(popularity=_popularity(track.track_id)),
            }
        return self._tracks[track.track_id]

    def artist(self, artist: Artist) -> Json:
        """Make a full artist object."""
        followers = {"href": None, "total": 97 * _popularity(artist.artist_id) ** 2}
        return entity("artist", artist.artist_id, artist.name) | {
            "images": images(PORTRAITS, artist.artist_id),
            "genres": [],
            **self._only_old(popularity=_popularity(artist.artist_id), followers=followers),
        }

    def album(self, tracks: list[Track]) -> Json:
        """Make a full album object from its tracks, at least one."""
        album = tracks[0].album
        label = f"{album.artist.name} Recordings"
        return self._simple_album(album) | {
            "tracks": {
                "href": f"{API}/albums/{album.album_id}/tracks?offset=0&limit=50",
                "items": [self._simple_track(track) for track in tracks[:50]],
                "limit": 50,
                "next": None,
                "offset": 0,
                "previous": None,
                "total": len(tracks),
            },
            "copyrights": [{"text": f"{album.release_date[:4]} {label}", "type": "C"}],
            "external_ids": {"upc": f"{ids.digest('upc', album.album_id) % 10**12:012d}"},
            "genres": [],
            **self._only_old(label=label, popularity=_popularity(album.album_id)),
        }

    def profile(self, listener: Listener) -> Json:
        """Make the private profile of a listener."""
        return user(listener.user_id) | {
            "display_name": listener.display_name,
            "images": images(AVATAR, listener.user_id),
            **self._only_new(account_id=listener.account_id),
            **self._only_old(
                country=listener.country,
                email=f"{listener.account_id.lower()}@example.com",
                explicit_content={"filter_enabled": False, "filter_locked": False},
                followers={"href": None, "total": _popularity(listener.user_id)},
                product="premium",
            ),
        }

    def play(self, play: Play, content: Json | None) -> Json:
        """Make an entry of the recently played tracks."""
        context = None
        if play.context_uri is not None:
            *_, kind, key = play.context_uri.split(":")
            is_collection = play.context_type == "collection"
            where = "collection/tracks" if is_collection else f"{kind}/{key}"
            context = {
                "type": play.context_type,
                "external_urls": {"spotify": f"{OPEN}/{where}"},
                "href": f"{API}/me/tracks" if is_collection else f"{API}/{kind}s/{key}",
                "uri": play.context_uri,
            }
        return {"track": content, "played_at": stamp(play.played_at, "ms"), "context": context}

    def saved_track(self, item: Item, content: Json | None) -> Json:
        """Make an entry of the saved tracks."""
        return {"added_at": item.added_at and stamp(item.added_at), "track": content}

    def playlist(self, playlist: Playlist, user_id: str) -> Json:
        """Make a simplified playlist; for new apps without items that they may not read."""
        image = {"url": images(COVERS, playlist.playlist_id)[1]["url"], "height": None}
        where, total = f"{API}/playlists/{playlist.playlist_id}", len(playlist.items)
        items = {name: {"href": f"{where}/{name}", "total": total} for name in self.items_names}
        has_items = self._is_old or playlist.is_readable_by(user_id)
        return entity("playlist", playlist.playlist_id, playlist.name) | {
            "collaborative": playlist.is_collaborative,
            "description": playlist.description,
            "images": [image | {"width": None}] if playlist.has_image else None,
            "owner": user(playlist.owner_id) | {"display_name": playlist.owner_name},
            "primary_color": None,
            "public": playlist.is_public,
            "snapshot_id": playlist.snapshot_id,
            **(items if has_items else {}),
        }

    def playlist_entry(self, item: Item, content: Json | None) -> Json:
        """Make an entry of a playlist; tracks and episodes have flags for their kind."""
        is_local = content is not None and content.get("is_local", False)
        if content is not None and not is_local:
            kinds = {kind: content["type"] == kind for kind in ("episode", "track")}
            content = content | kinds
        return {
            "added_at": item.added_at and stamp(item.added_at),
            "added_by": item.added_by_id and user(item.added_by_id),
            "is_local": is_local,
            "primary_color": None,
            **dict.fromkeys(self.item_names, content),
            "video_thumbnail": {"url": None},
        }

    def content(self, kind: ItemKind, track_id: str | None) -> Json | None:
        """Make the content of an entry of a list; None for an item that was removed."""
        match kind:
            case "local":
                return local_track() | self._only_old(popularity=0, preview_url=None)
            case "episode":
                return episode()
            case "track" if track_id is not None:
                return self.track(self._catalogue.track(track_id))
            case _:
                return None

    def _simple_track(self, track: Track) -> Json:
        return entity("track", track.track_id, track.name) | {
            "artists": [entity("artist", who.artist_id, who.name) for who in track.artists],
            "disc_number": track.disc_number,
            "duration_ms": track.duration_ms,
            "explicit": track.is_explicit,
            "is_local": False,
            "track_number": track.track_number,
            **self._only_old(available_markets=MARKETS, preview_url=None),
        }

    def _simple_album(self, album: Album) -> Json:
        return entity("album", album.album_id, album.name) | {
            "album_type": "single" if album.count_tracks <= _MAX_SINGLE else "album",
            "artists": [entity("artist", album.artist.artist_id, album.artist.name)],
            "images": images(COVERS, album.album_id),
            "is_playable": True,
            "release_date": album.release_date,
            "release_date_precision": _PRECISIONS.get(len(album.release_date), "day"),
            "total_tracks": album.count_tracks,
            **self._only_old(available_markets=MARKETS),
        }

    def _only_old(self, **fields: Any) -> Json:
        return fields if self._is_old else {}

    def _only_new(self, **fields: Any) -> Json:
        return {} if self._is_old else fields


def stamp(moment: datetime, precision: Literal["s", "ms"] = "s") -> str:
    """Format an instant as Spotify does: `2026-02-25T20:15:20Z`, with milliseconds for plays."""
    timespec = "milliseconds" if precision == "ms" else "seconds"
    return moment.isoformat(timespec=timespec).replace("+00:00", "Z")


def _popularity(key: str) -> int:
    return int(100 * ids.fraction("popularity", key) ** 2)
