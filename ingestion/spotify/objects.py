"""The objects of Spotify's Web API in the old and the new shape: the fields that Sonic reads."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AliasChoices, AwareDatetime, Field, RootModel

from ingestion.objects import ApiObject


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("an instant outside the calendar") from None


Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Int = Annotated[int, Field(ge=-(2**53), le=2**53)]
Id = Annotated[str, Field(min_length=1)]


class Link(ApiObject):
    """`external_urls`."""

    spotify: str | None = None


class Image(ApiObject):
    """One size of a picture."""

    url: str


class WithPicture(ApiObject):
    """An object with pictures (largest first; null or empty is common) and a page on Spotify."""

    images: list[Image] | None = None
    external_urls: Link = Link()

    @property
    def image_url(self) -> str | None:
        """Return the largest picture."""
        return self.images[0].url if self.images else None

    @property
    def spotify_url(self) -> str | None:
        """Return the page on Spotify."""
        return self.external_urls.spotify


class Artist(WithPicture):
    """An artist: simplified, or full with `images`. The artist of a local file has no id."""

    type: Literal["artist"] = "artist"
    id: Id | None
    name: str
    genres: list[str] | None = None
    popularity: Int | None = None


class ExternalIds(ApiObject):
    """ISRC on tracks, UPC on albums."""

    isrc: str | None = None
    upc: str | None = None


class Album(WithPicture):
    """An album; the album of a local file has no id."""

    type: Literal["album"] = "album"
    id: Id | None
    name: str
    album_type: str | None = None
    release_date: str | None = None
    release_date_precision: Literal["year", "month", "day"] | None = None
    total_tracks: Int | None = None
    external_ids: ExternalIds = ExternalIds()


class Track(ApiObject):
    """A track. A local file has `is_local` and no id."""

    type: Literal["track"] = "track"
    id: Id | None
    uri: str
    name: str
    is_local: bool = False
    artists: tuple[Artist, ...] = ()
    album: Album | None = None
    duration_ms: Int | None = None
    explicit: bool | None = None
    disc_number: Int | None = None
    track_number: Int | None = None
    popularity: Int | None = None
    external_ids: ExternalIds = ExternalIds()
    external_urls: Link = Link()


class KnownTrack(Track):
    """A track that has an id, as in top lists and look-ups."""

    id: Id


class KnownArtist(Artist):
    """An artist that has an id."""

    id: Id


class KnownAlbum(Album):
    """An album that has an id."""

    id: Id


class Described(RootModel[KnownTrack | KnownAlbum | KnownArtist]):
    """A track, an album or an artist, by `type`."""

    root: Annotated[KnownTrack | KnownAlbum | KnownArtist, Field(discriminator="type")]


class Episode(ApiObject):
    """A podcast episode in a playlist."""

    type: Literal["episode"]
    uri: str
    name: str


class Context(ApiObject):
    """The playlist, album or artist that a play was started from."""

    type: str | None = None
    uri: str | None = None


class PlayedItem(ApiObject):
    """An entry of recently-played; `played_at` is the end of the play."""

    track: Track
    played_at: Instant
    context: Context | None = None


class SavedItem(ApiObject):
    """An entry of the saved tracks."""

    track: Track
    added_at: Instant | None = None


class UserRef(ApiObject):
    """The user who owns a playlist or added an item."""

    id: str | None = None


class ItemsRef(ApiObject):
    """The number of items of a playlist."""

    total: Int | None = None


class Playlist(WithPicture):
    """A playlist; `items` in the new shape, `tracks` in the old one, holds its entries."""

    id: Id
    name: str
    description: str | None = None
    owner: UserRef = UserRef()
    public: bool | None = None
    collaborative: bool = False
    snapshot_id: str | None = None
    entries: ItemsRef | None = Field(None, validation_alias=AliasChoices("items", "tracks"))


class PlaylistEntry(ApiObject):
    """A playlist entry: `item` in the new shape, `track` in the old one; null if removed."""

    item: Annotated[Track | Episode, Field(discriminator="type")] | None = Field(
        validation_alias=AliasChoices("item", "track")
    )
    is_local: bool = False
    added_at: Instant | None = None
    added_by: UserRef | None = None


class Profile(WithPicture):
    """`/me`."""

    id: Id
    account_id: str | None = None
    display_name: str | None = None
    country: str | None = None
    product: str | None = None
