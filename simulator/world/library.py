"""What listeners keep: saved tracks, playlists and followed artists, each with its date.

All of it is generated once, past and future. The clock only decides how much of it has happened.
So the next day adds and removes things, and never changes the day before.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from simulator.world import ids
from simulator.world.catalogue import Catalogue
from simulator.world.kept import Follow, Item, Playlist, happened, in_order, present
from simulator.world.listeners import Listener
from simulator.world.music import Artist
from simulator.world.names import Namer
from simulator.world.turnover import Turnover

_DAYS_PER_SAVE, _DAYS_PER_ITEM, _DAYS_PER_FOLLOW = 5, 6, 14  # between short stays
_RECENT = 1  # the playlist with short stays


class Library:
    """The library of one listener.

    Args:
        catalogue: Holds the tracks.
        listener: Whose library it is.
        seed: All random choices follow from it.
        start: The first day with plays; most of the library is older.
    """

    def __init__(self, catalogue: Catalogue, listener: Listener, seed: int, start: date) -> None:
        self._catalogue = catalogue
        self._listener = listener
        self._start = start
        self._dice = ids.stream(seed, listener.user_id, "library")
        self._namer = Namer(self._dice)
        self._turnover = Turnover(seed, listener.user_id, start)
        core, rim = list(listener.taste.core), list(listener.taste.rim)
        liked = [track for track in core if self._dice.random() < 0.8]
        liked += self._dice.sample(rim, min(len(rim), len(liked) // 5))
        self._dice.shuffle(liked)
        saved = self._dated(liked, -200, 500)
        playlists = (
            self._playlist("main", listener.taste.name, self._dated(core, -300, -1)),
            self._playlist(
                "recent", "on repeat", self._dated(self._some(core + rim, 60), -30, 600)
            ),
            self._playlist("odds", self._namer.playlist(), self._odd_items(), has_image=False),
            self._shared(self._some(rim + core, 30)),
            self._followed(self._some(rim, 40)),
        )
        follows = self._favourites()
        others = [track for track in rim if track not in set(liked)]
        self._saved = self._with_turnover(saved, others, _DAYS_PER_SAVE)
        self._playlists = tuple(
            replace(
                playlist,
                items=self._with_turnover(
                    playlist.items, others if number == _RECENT else (), _DAYS_PER_ITEM
                ),
            )
            for number, playlist in enumerate(playlists)
        )
        self._follows = self._with_short_follows(follows, rim)

    def saved_tracks(self, clock: datetime) -> list[Item]:
        """List the saved tracks, newest first."""
        return present(reversed(self.saved_until(clock)))

    def saved_until(self, clock: datetime) -> list[Item]:
        """List everything saved up to a moment, oldest first, removed or not."""
        return happened(self._saved, clock)

    def playlists(self, clock: datetime) -> list[Playlist]:
        """List the listener's own, shared and followed playlists."""
        return [playlist.at(clock) for playlist in self._playlists]

    def playlist(self, playlist_id: str, clock: datetime) -> Playlist | None:
        """Find one of the playlists."""
        for playlist in self._playlists:
            if playlist.playlist_id == playlist_id:
                return playlist.at(clock)
        return None

    def items_until(self, clock: datetime) -> dict[str, list[Item]]:
        """List all items of each playlist up to a moment, by playlist id, removed or not."""
        return {
            playlist.playlist_id: happened(playlist.items, clock) for playlist in self._playlists
        }

    def followed_artists(self, clock: datetime) -> list[Artist]:
        """List the followed artists, in the order in which they were followed."""
        return [follow.artist for follow in present(self.followed_until(clock))]

    def followed_until(self, clock: datetime) -> list[Follow]:
        """List all artists followed up to a moment, oldest first, unfollowed or not."""
        return happened(self._follows, clock)

    def _moment(self, first_day: int, last_day: int) -> datetime:
        """Draw a daytime second of a day; days count from the start of the history."""
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

    def _odd_items(self) -> list[Item]:
        """Make items that a parser must handle: undated, local and removed ones, an episode."""
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
        """Make a friend's playlist to which both of them add."""
        name = self._namer.person()
        friend = "31" + ids.spotify_id(self._listener.user_id, "friend").lower()
        items = [
            item if number % 3 else replace(item, added_by_id=friend)
            for number, item in enumerate(self._dated(track_ids, -100, 400))
        ]
        own = self._playlist("shared", self._namer.playlist(), items)
        return replace(own, owner_id=friend, owner_name=name, is_collaborative=True)

    def _followed(self, track_ids: Sequence[str]) -> Playlist:
        """Make a curator's playlist, which the listener follows and an app cannot read."""
        name = f"{self._namer.artist(['band'])} Radio"
        curator = ids.spotify_id(self._listener.user_id, "curator").lower()
        items = [replace(item, added_by_id=curator) for item in self._dated(track_ids, -300, 300)]
        own = self._playlist("followed", name, items)
        return replace(own, owner_id=curator, owner_name="Sunday Curators", is_public=True)

    def _favourites(self) -> list[Follow]:
        artists = [self._catalogue.track(track).artists[0] for track in self._listener.taste.core]
        favourites = list(dict.fromkeys(artists))
        self._dice.shuffle(favourites)
        moments = sorted(self._moment(-300, 400) for _ in favourites)
        return list(map(Follow, favourites, moments))

    def _with_turnover(
        self, items: Sequence[Item], others: Sequence[str], every_days: int
    ) -> tuple[Item, ...]:
        """Remove some items at some time, and add short stays; items without a date come first."""
        short = zip(others, self._turnover.stays(every_days, len(others)), strict=False)
        user_id = self._listener.user_id
        added = [
            Item("track", track_id, stay.added_at, user_id, stay.removed_at)
            for track_id, stays in short
            for stay in stays
        ]
        return tuple(in_order([*self._turnover.with_ends(items), *added]))

    def _with_short_follows(self, follows: Sequence[Follow], rim: Sequence[str]) -> list[Follow]:
        known = {follow.artist for follow in follows}
        artists = dict.fromkeys(self._catalogue.track(track).artists[0] for track in rim)
        others = [artist for artist in artists if artist not in known]
        short = zip(others, self._turnover.stays(_DAYS_PER_FOLLOW, len(others)), strict=False)
        added = [
            Follow(artist, stay.added_at, stay.removed_at)
            for artist, stays in short
            for stay in stays
        ]
        return in_order([*self._turnover.with_ends(follows), *added])
