"""What listeners keep for a span of time: playlist items, saved tracks, follows."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal, Protocol, Self, TypeVar

from simulator.world import ids
from simulator.world.music import Artist

ItemKind = Literal["track", "local", "episode", "removed"]


class Kept(Protocol):
    """Something that is kept for a span of time, possibly open."""

    @property
    def added_at(self) -> datetime | None:
        """When it was added; None in old playlists."""

    @property
    def removed_at(self) -> datetime | None:
        """When it is removed; None if never."""

    def until(self, removed_at: datetime | None) -> Self:
        """Return a copy with another end."""


AnyKept = TypeVar("AnyKept", bound=Kept)


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a playlist or of the saved tracks.

    `added_at` and `added_by_id` are None in old playlists. `removed_at` is None if it is never
    removed or, as of a moment, not yet.
    """

    kind: ItemKind
    track_id: str | None
    added_at: datetime | None
    added_by_id: str | None
    removed_at: datetime | None = None

    def until(self, removed_at: datetime | None) -> "Item":
        """Return a copy with another end."""
        return replace(self, removed_at=removed_at)

    def key(self, list_name: str) -> tuple[object, ...]:
        """A key of the entry in a list, for faults that always affect the same entries."""
        return list_name, self.added_at, self.track_id


@dataclass(frozen=True, slots=True)
class Follow:
    """A followed artist; `removed_at` is None if never unfollowed or, as of a moment, not yet."""

    artist: Artist
    added_at: datetime
    removed_at: datetime | None = None

    def until(self, removed_at: datetime | None) -> "Follow":
        """Return a copy with another end."""
        return replace(self, removed_at=removed_at)


@dataclass(frozen=True, slots=True)
class Playlist:
    """A playlist with all items it will ever have; `at` returns it as of a moment.

    `count_changes` is the number of additions and removals until then.
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
        """The version: a new one after each addition or removal, and never an earlier one."""
        return "AAAA" + ids.spotify_id("snapshot", self.playlist_id, self.count_changes)[2:]

    def is_readable_by(self, user_id: str) -> bool:
        """Whether the API shows the items to a listener who has the playlist."""
        return self.is_collaborative or self.owner_id == user_id


def happened(things: Iterable[AnyKept], clock: datetime) -> list[AnyKept]:
    """Return what was added until a moment; later ends are left out."""
    return [_as_known(thing, clock) for thing in things if _is_past(thing.added_at, clock)]


def present(things: Iterable[AnyKept]) -> list[AnyKept]:
    """Return what was not removed."""
    return [thing for thing in things if thing.removed_at is None]


def _as_known(thing: AnyKept, clock: datetime) -> AnyKept:
    ends_later = thing.removed_at is not None and thing.removed_at > clock
    return thing.until(None) if ends_later else thing


def _is_past(moment: datetime | None, clock: datetime) -> bool:
    return moment is None or moment <= clock


def in_order(things: Iterable[AnyKept]) -> list[AnyKept]:
    """Sort by `added_at`, stably; those without a date first."""
    first = datetime.min.replace(tzinfo=UTC)
    return sorted(things, key=lambda thing: thing.added_at or first)
