"""Turn Spotify's nested pages into flat rows of several Bronze tables."""

import json
from collections.abc import Callable
from typing import Any

from ingestion.landing import LandedPage
from ingestion.rows import Rows
from ingestion.spotify.objects import (
    Album,
    Artist,
    Described,
    KnownArtist,
    KnownTrack,
    PlayedItem,
    Playlist,
    PlaylistEntry,
    Profile,
    SavedItem,
    Track,
)

MAX_ITEMS = 2**31  # far more than any list has


def parse_page(body: Any, page: LandedPage, rows: Rows) -> None:
    """Add the rows of one landed page; invalid items and pages go to quarantine."""
    content = body if isinstance(body, dict) else {"items": body}
    if "error" in content:
        rows.quarantine_page("an error instead of a page", content)
    else:
        PARSERS[page.data_type](content, page, rows)


def _profile(body: dict[str, Any], page: LandedPage, rows: Rows) -> None:
    for _, profile in rows.validated(Profile, [body]):
        rows.add(
            "spotify_profiles",
            user_id=page.user_id,
            account_id=profile.account_id,
            display_name=profile.display_name,
            country=profile.country,
            product=profile.product,
            image_url=profile.image_url,
            spotify_url=profile.spotify_url,
        )


def _plays(body: dict[str, Any], page: LandedPage, rows: Rows) -> None:
    for _, play in rows.validated(PlayedItem, body.get("items")):
        rows.add(
            "spotify_plays",
            user_id=page.user_id,
            played_at=play.played_at,
            is_local=play.track.is_local,
            context_type=play.context.type if play.context else None,
            context_uri=play.context.uri if play.context else None,
            **_names(play.track),
        )
        _add_track(play.track, rows)


def _saved_tracks(body: dict[str, Any], page: LandedPage, rows: Rows) -> None:
    for _, saved in rows.validated(SavedItem, body.get("items")):
        rows.add(
            "spotify_saved_tracks",
            user_id=page.user_id,
            added_at=saved.added_at,
            **_names(saved.track),
        )
        _add_track(saved.track, rows)


def _playlists(body: dict[str, Any], page: LandedPage, rows: Rows) -> None:
    for _, playlist in rows.validated(Playlist, body.get("items")):
        rows.add(
            "spotify_playlists",
            user_id=page.user_id,
            playlist_id=playlist.id,
            playlist_name=playlist.name,
            description=playlist.description,
            owner_id=playlist.owner.id,
            is_public=playlist.public,
            is_collaborative=playlist.collaborative,
            is_readable=playlist.owner.id == page.user_id or playlist.collaborative,
            snapshot_id=playlist.snapshot_id,
            count_items=playlist.entries.total if playlist.entries else None,
            image_url=playlist.image_url,
            spotify_url=playlist.spotify_url,
        )


def _playlist_items(body: dict[str, Any], page: LandedPage, rows: Rows) -> None:
    offset = page.context.get("offset", body.get("offset"))
    first = offset if isinstance(offset, int) and 0 <= offset < MAX_ITEMS else 0
    for position, entry in rows.validated(PlaylistEntry, body.get("items"), first_position=first):
        track = entry.item if isinstance(entry.item, Track) else None
        names: dict[str, Any] = {"track_id": None, "track_uri": None, "track_name": None}
        if track:
            names = _names(track)
            _add_track(track, rows)
        elif entry.item:
            names |= {"track_uri": entry.item.uri, "track_name": entry.item.name}
        rows.add(
            "spotify_playlist_items",
            user_id=page.user_id,
            playlist_id=page.context["playlist_id"],
            snapshot_id=page.context["snapshot_id"],
            position=position,
            item_type=entry.item.type if entry.item else None,
            is_local=entry.is_local,
            added_at=entry.added_at,
            added_by_id=entry.added_by.id if entry.added_by else None,
            **names,
        )


TOP_ITEMS: dict[str, type[KnownTrack] | type[KnownArtist]] = {
    "tracks": KnownTrack,
    "artists": KnownArtist,
}


def _top_items(body: dict[str, Any], page: LandedPage, rows: Rows) -> None:
    kind, term = page.context["kind"], page.context["term"]
    for position, item in rows.validated(TOP_ITEMS[kind], body.get("items")):
        rows.add(
            "spotify_top_items",
            user_id=page.user_id,
            kind=kind,
            term=term,
            rank=position + 1,
            item_id=item.id,
            item_name=item.name,
        )
        _describe(item, rows)


def _followed_artists(body: dict[str, Any], page: LandedPage, rows: Rows) -> None:
    inner = body.get("artists")
    items = inner.get("items") if isinstance(inner, dict) else inner
    for _, artist in rows.validated(KnownArtist, items):
        rows.add(
            "spotify_followed_artists",
            user_id=page.user_id,
            artist_id=artist.id,
            artist_name=artist.name,
        )
        _add_artist(artist, rows)


def _objects(body: dict[str, Any], page: LandedPage, rows: Rows) -> None:
    """Add an object that was looked up by its id, or a list of such objects."""
    items = body.get("items", [body])
    for _, found in rows.validated(Described, items):
        # Spotify may answer with another track that replaces the requested one.
        requested_id = page.context.get("track_id", found.root.id)
        _describe(found.root.model_copy(update={"id": requested_id}), rows)


PARSERS: dict[str, Callable[[dict[str, Any], LandedPage, Rows], None]] = {
    "profile": _profile,
    "plays": _plays,
    "saved_tracks": _saved_tracks,
    "playlists": _playlists,
    "playlist_items": _playlist_items,
    "top_items": _top_items,
    "followed_artists": _followed_artists,
    "objects": _objects,
}


def _names(track: Track) -> dict[str, Any]:
    return {
        "track_id": track.id,
        "track_uri": track.uri,
        "track_name": track.name,
        "artist_name": track.artists[0].name if track.artists else None,
    }


def _add_track(track: Track, rows: Rows) -> None:
    """Add the track, its album and artists: every page has them, so they need no own calls."""
    if track.id is None:
        return
    artists = [artist for artist in track.artists if artist.id]
    rows.add(
        "spotify_tracks",
        track_id=track.id,
        track_name=track.name,
        isrc=track.external_ids.isrc,
        album_id=track.album.id if track.album else None,
        artist_id=artists[0].id if artists else None,
        duration_ms=track.duration_ms,
        is_explicit=track.explicit,
        disc_number=track.disc_number,
        track_number=track.track_number,
        popularity=track.popularity,
        spotify_url=track.external_urls.spotify,
    )
    for position, artist in enumerate(artists, 1):
        rows.add(
            "spotify_track_artists",
            track_id=track.id,
            artist_id=artist.id,
            artist_name=artist.name,
            position=position,
        )
        _add_artist(artist, rows)
    if track.album and track.album.id:
        _add_album(track.album, rows)


def _describe(found: Track | Album | Artist, rows: Rows) -> None:
    match found:
        case Track():
            _add_track(found, rows)
        case Album():
            _add_album(found, rows)
        case Artist():
            _add_artist(found, rows)


def _add_artist(artist: Artist, rows: Rows) -> None:
    rows.add(
        "spotify_artists",
        artist_id=artist.id,
        artist_name=artist.name,
        image_url=artist.image_url,
        spotify_url=artist.spotify_url,
        genres=json.dumps(artist.genres) if artist.genres else None,
        popularity=artist.popularity,
        is_full=artist.images is not None,
    )


def _add_album(album: Album, rows: Rows) -> None:
    rows.add(
        "spotify_albums",
        album_id=album.id,
        album_name=album.name,
        album_type=album.album_type,
        release_date=album.release_date,
        release_date_precision=album.release_date_precision,
        count_tracks=album.total_tracks,
        upc=album.external_ids.upc,
        image_url=album.image_url,
        spotify_url=album.spotify_url,
    )
