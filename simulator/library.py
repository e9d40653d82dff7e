"""What listeners keep: saved tracks, playlists and followed artists, each with its date.

All of it is laid out once, from the past into the future; a clock only decides how much of it has
happened. So nothing that was kept yesterday changes tomorrow.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from simulator import ids
from simulator.catalogue import Catalogue
from simulator.listeners import Listener
from simulator.music import Artist
from simulator.names import Namer

ItemKind = Literal["track", "local", "episode", "removed"]


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a playlist or of the saved tracks; old playlists do not know who and when."""

    kind: ItemKind
    track_id: str | None
    added_at: datetime | None
    added_by_id: str | None


@dataclass(frozen=True, slots=True)
class Playlist:
    """A playlist with all items it will ever have; `at` cuts it to a moment."""

    playlist_id: str
    name: str
    description: str
    owner_id: str
    owner_name: str | None
    is_public: bool
    is_collaborative: bool
    has_image: bool
    items: tuple[Item, ...]

    def at(self, clock: datetime) -> "Playlist":
        """Return the playlist as it is at a moment."""
        return replace(self, items=tuple(item for item in self.items if _is_past(item, clock)))

    @property
    def snapshot_id(self) -> str:
        """The version: it changes when the items change and never else."""
        return "AAAA" + ids.spotify_id("snapshot", self.playlist_id, *self.items)[2:]

    def is_readable_by(self, user_id: str) -> bool:
        """Say whether the API shows the items to a listener who has the playlist."""
        return self.is_collaborative or self.owner_id == user_id


class Library:
    """What one listener keeps.

    Args:
        start: the day the recorded history of plays begins; most of the library is older.
    """

    def __init__(self, catalogue: Catalogue, listener: Listener, seed: int, start: date) -> None:
        self._catalogue = catalogue
        self._listener = listener
        self._start = start
        self._dice = ids.stream(seed, listener.user_id, "library")
        self._namer = Namer(self._dice)
        core, rim = list(listener.taste.core), list(listener.taste.rim)
        liked = [track for track in core if self._dice.random() < 0.8]
        liked += self._dice.sample(rim, min(len(rim), len(liked) // 5))
        self._dice.shuffle(liked)
        self._saved = self._dated(liked, -200, 500)
        self._playlists = (
            self._playlist("main", listener.taste.name, self._dated(core, -300, -1)),
            self._playlist(
                "recent", "on repeat", self._dated(self._some(core + rim, 60), -30, 600)
            ),
            self._playlist("odds", self._namer.playlist(), self._oddities(), has_image=False),
            self._shared(self._some(rim + core, 30)),
            self._followed(self._some(rim, 40)),
        )
        self._follows = self._favourites()

    def saved_tracks(self, clock: datetime) -> list[Item]:
        """List the saved tracks, newest first."""
        return [item for item in reversed(self._saved) if _is_past(item, clock)]

    def playlists(self, clock: datetime) -> list[Playlist]:
        """List the listener's own, shared and followed playlists."""
        return [playlist.at(clock) for playlist in self._playlists]

    def playlist(self, playlist_id: str, clock: datetime) -> Playlist | None:
        """Find one of the playlists."""
        for playlist in self._playlists:
            if playlist.playlist_id == playlist_id:
                return playlist.at(clock)
        return None

    def followed_artists(self, clock: datetime) -> list[Artist]:
        """List the followed artists, in the order in which they were followed."""
        return [artist for moment, artist in self._follows if moment <= clock]

    def _moment(self, first_day: int, last_day: int) -> datetime:
        """Draw a waking second of a day, counted from the start of the history."""
        day = self._start + timedelta(days=self._dice.randint(first_day, last_day))
        seconds = int(self._dice.triangular(0, 57_600, 45_000))
        local = datetime.combine(day, time(7), self._listener.zone) + timedelta(seconds=seconds)
        return local.astimezone(UTC)

    def _dated(self, track_ids: Sequence[str], first_day: int, last_day: int) -> tuple[Item, ...]:
        moments = sorted(self._moment(first_day, last_day) for _ in track_ids)
        return tuple(
            Item("track", track_id, moment, self._listener.user_id)
            for track_id, moment in zip(track_ids, moments, strict=True)
        )

    def _some(self, track_ids: Sequence[str], count: int) -> list[str]:
        return self._dice.sample(track_ids, min(count, len(track_ids)))

    def _playlist(
        self, key: str, name: str, items: Sequence[Item], has_image: bool = True
    ) -> Playlist:
        return Playlist(
            playlist_id=self._listener.playlist_id(key),
            name=name,
            description="",
            owner_id=self._listener.user_id,
            owner_name=self._listener.display_name,
            is_public=key == "main",
            is_collaborative=False,
            has_image=has_image,
            items=tuple(items),
        )

    def _oddities(self) -> list[Item]:
        """Lay out what a parser must survive: undated, local, removed items and an episode."""
        first, *others = self._dated(self._some(self._listener.taste.core, 4), -250, -40)
        moment, user_id = self._moment(-39, -2), self._listener.user_id
        return [
            Item("track", first.track_id, None, None),
            *others,
            Item("local", None, moment, user_id),
            Item("episode", None, moment, user_id),
            Item("removed", None, moment, user_id),
        ]

    def _shared(self, track_ids: Sequence[str]) -> Playlist:
        """Lay out a playlist of a friend to which both of them add."""
        name = self._namer.person()
        friend = "31" + ids.spotify_id(self._listener.user_id, "friend").lower()
        items = [
            item if number % 3 else replace(item, added_by_id=friend)
            for number, item in enumerate(self._dated(track_ids, -100, 400))
        ]
        own = self._playlist("shared", self._namer.playlist(), items)
        return replace(own, owner_id=friend, owner_name=name, is_collaborative=True)

    def _followed(self, track_ids: Sequence[str]) -> Playlist:
        """Lay out a curator's playlist, which the listener follows and an app cannot read."""
        name = f"{self._namer.artist(['band'])} Radio"
        curator = ids.spotify_id(self._listener.user_id, "curator").lower()
        items = [replace(item, added_by_id=curator) for item in self._dated(track_ids, -300, 300)]
        own = self._playlist("followed", name, items)
        return replace(own, owner_id=curator, owner_name="Sunday Curators", is_public=True)

    def _favourites(self) -> list[tuple[datetime, Artist]]:
        artists = [self._catalogue.track(track).artists[0] for track in self._listener.taste.core]
        favourites = list(dict.fromkeys(artists))
        self._dice.shuffle(favourites)
        moments = sorted(self._moment(-300, 400) for _ in favourites)
        return list(zip(moments, favourites, strict=True))


def _is_past(item: Item, clock: datetime) -> bool:
    return item.added_at is None or item.added_at <= clock
