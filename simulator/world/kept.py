"""Things that are kept from one moment on, perhaps until another: items, playlists, follows."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal, Protocol, Self, TypeVar

from simulator.world import ids
from simulator.world.music import Artist

ItemKind = Literal["track", "local", "episode", "removed"]


class Kept(Protocol):
    """Something kept from one moment on, perhaps until another."""

    @property
    def added_at(self) -> datetime | None:
        """When it came; old playlists do not know."""

    @property
    def removed_at(self) -> datetime | None:
        """When it is given up; None if never."""

    def until(self, removed_at: datetime | None) -> Self:
        """Return the same, given up at a moment, or not."""


AnyKept = TypeVar("AnyKept", bound=Kept)


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a playlist or of the saved tracks; old playlists do not know who and when.

    `removed_at` is when it is taken out again; None if never, or, in what a moment is told as, not
    yet.
    """

    kind: ItemKind
    track_id: str | None
    added_at: datetime | None
    added_by_id: str | None
    removed_at: datetime | None = None

    def until(self, removed_at: datetime | None) -> "Item":
        """Return the same entry, taken out at a moment, or not."""
        return replace(self, removed_at=removed_at)

    def key(self, place: str) -> tuple[object, ...]:
        """What it is told apart by in a list, for faults that always strike the same ones."""
        return place, self.added_at, self.track_id


@dataclass(frozen=True, slots=True)
class Follow:
    """An artist who is followed from `added_at` until `removed_at`, if ever."""

    artist: Artist
    added_at: datetime
    removed_at: datetime | None = None

    def until(self, removed_at: datetime | None) -> "Follow":
        """Return the same, ended at a moment, or not."""
        return replace(self, removed_at=removed_at)


@dataclass(frozen=True, slots=True)
class Playlist:
    """A playlist with all items it will ever have; `at` cuts it to a moment.

    `count_changes` says how many items came or went until then.
    """

    playlist_id: str
    name: str
    description: str
    owner_id: str
    owner_name: str | None
    is_public: bool
    is_collaborative: bool
    has_image: bool
    items: tuple[Item, ...]
    count_changes: int = 0

    def at(self, clock: datetime) -> "Playlist":
        """Return the playlist as it is at a moment."""
        past = happened(self.items, clock)
        left = sum(item.removed_at is not None for item in past)
        return replace(self, items=tuple(present(past)), count_changes=len(past) + left)

    @property
    def snapshot_id(self) -> str:
        """The version: another one whenever an item came or went, and never one that was before."""
        return "AAAA" + ids.spotify_id("snapshot", self.playlist_id, self.count_changes)[2:]

    def is_readable_by(self, user_id: str) -> bool:
        """Say whether the API shows the items to a listener who has the playlist."""
        return self.is_collaborative or self.owner_id == user_id


def happened(things: Iterable[AnyKept], clock: datetime) -> list[AnyKept]:
    """List what had come by a moment; an end that is still to come is not told."""
    return [_as_known(thing, clock) for thing in things if _is_past(thing.added_at, clock)]


def present(things: Iterable[AnyKept]) -> list[AnyKept]:
    """List those that were not given up."""
    return [thing for thing in things if thing.removed_at is None]


def _as_known(thing: AnyKept, clock: datetime) -> AnyKept:
    is_to_come = thing.removed_at is not None and thing.removed_at > clock
    return thing.until(None) if is_to_come else thing


def _is_past(moment: datetime | None, clock: datetime) -> bool:
    return moment is None or moment <= clock


def in_order(things: Iterable[AnyKept]) -> list[AnyKept]:
    """Sort by when they came; those without a date come first, and none changes places with it."""
    always = datetime.min.replace(tzinfo=UTC)
    return sorted(things, key=lambda thing: thing.added_at or always)
