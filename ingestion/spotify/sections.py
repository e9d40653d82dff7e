"""The lists that a sync requests for each listener: only what is new since the last finished run.

Each section takes the sync and the listener's cursors, lands pages, and returns the new cursors.
If it raises, its cursors stay, so that the next run requests the same again.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

import requests
from pydantic import BaseModel

from ingestion.http import NotReadable, QuotaExceeded, one_line
from ingestion.spotify.listener_sync import (
    PAGE_SIZE,
    ListenerSync,
    Page,
    Unreadable,
    check_readable,
    checksum,
    checksums,
    digest,
    instant,
    instants,
    is_text,
)
from ingestion.spotify.objects import KnownArtist, Playlist, PlaylistEntry, SavedItem

Cursors = dict[str, Any]
Section = Callable[[ListenerSync, Cursors], Cursors]

# Requested again at every run, so that a play that Spotify lists late is not missed.
PLAYS_OVERLAP = timedelta(hours=1)
FULL_SYNC_EVERY = timedelta(days=7)
BEFORE_SPOTIFY = datetime(2006, 1, 1, tzinfo=UTC)
TERMS = ("short_term", "medium_term", "long_term")


def profile(sync: ListenerSync, cursors: Cursors) -> Cursors:
    """Land the profile if it changed."""
    land = partial(sync.land, "profile")
    (body,) = sync.api.pages("me", {}, on_broken=land)
    now = checksum(body)
    if now != cursors.get("profile"):
        land(body)
    return {"profile": now}


def plays(sync: ListenerSync, cursors: Cursors) -> Cursors:
    """Land the plays since the newest known one, and record a gap if some may be missing."""
    known = instant(cursors.get("played_at"))
    after = {"after": int((known - PLAYS_OVERLAP).timestamp() * 1000)} if known else {}
    landed = set(cursors.get("plays_told", ()))
    pages: list[Page] = []
    for page in sync.pages("plays", "me/player/recently-played", after):
        if not page.has_list or not landed.issuperset(checksums(page)):
            sync.land_page("plays", page)  # before all else: Spotify may drop them until next time
        pages.append(page)
    moved = {"plays_told": [each for page in pages for each in checksums(page)]}
    seen = instants(pages, "played_at", until=sync.clock())
    if not seen:
        return moved
    is_full = sum(len(page.items) for page in pages) >= PAGE_SIZE
    gap_start = known or sync.connected_at
    if is_full and min(seen) > gap_start:
        gap = {"gap_start": gap_start.isoformat(), "gap_end": min(seen).isoformat()}
        sync.record("spotify_capture_gaps", **gap)
    return moved | {"played_at": max([*seen, known or BEFORE_SPOTIFY]).isoformat()}


def saved_tracks(sync: ListenerSync, cursors: Cursors) -> Cursors:
    """Land the newest saved tracks down to the known ones; all of them once a week.

    Only a full sync shows what is no longer saved.
    """
    started_at = sync.clock()
    known = instant(cursors.get("saved_at")) or BEFORE_SPOTIFY
    synced_at = instant(cursors.get("saved_pass_at"))
    is_due = synced_at is None or started_at - synced_at >= FULL_SYNC_EVERY
    pages: list[Page] = []
    for page in sync.pages("saved_tracks", "me/tracks", _market(sync)):
        if not (pages or is_due) and digest([page]) == cursors.get("saved_head"):
            return {}  # the first page is unchanged: nothing was saved since
        sync.land_page("saved_tracks", page)
        pages.append(page)
        added = instants([page], "added_at", until=started_at)
        if not is_due and added and min(added) < known:
            break  # newest first: all later pages are landed already
    check_readable(pages)
    if is_due:
        sync.record_full_sync("saved_tracks", started_at, pages, SavedItem)
    newest = max([known, *instants(pages, "added_at", until=started_at)])
    moved = {"saved_at": newest.isoformat(), "saved_head": digest(pages[:1])}
    return moved | ({"saved_pass_at": started_at.isoformat()} if is_due else {})


def playlists(sync: ListenerSync, cursors: Cursors) -> Cursors:
    """Land the list of playlists if it changed, and the items of each changed playlist."""
    started_at = sync.clock()
    pages = list(sync.pages("playlists", "me/playlists"))
    moved = _landed_if_changed(sync, cursors, "playlists", pages, started_at, Playlist)
    known, snapshots = cursors.get("snapshots", {}), {}
    for playlist in (item for page in pages for item in page.objects):
        playlist_id, snapshot_id = playlist.get("id"), playlist.get("snapshot_id")
        if not (is_text(playlist_id) and is_text(snapshot_id)):
            continue  # the parser quarantines it
        is_known = snapshot_id == known.get(playlist_id)
        if is_known or _playlist_items(sync, playlist_id, snapshot_id):
            snapshots[playlist_id] = snapshot_id
    return moved | {"snapshots": snapshots}


def top_items(sync: ListenerSync, cursors: Cursors) -> Cursors:
    """Land the top tracks and artists of each term, once a day."""
    today = f"{sync.clock():%Y-%m-%d}"
    if cursors.get("tops_on") == today:
        return {}
    for kind in ("tracks", "artists"):
        for term in TERMS:
            query = {"time_range": term, "limit": PAGE_SIZE}
            land = partial(sync.land, "top_items", kind=kind, term=term)
            for body in sync.api.pages(f"me/top/{kind}", query, on_broken=land):
                land(body)
    return {"tops_on": today}


def followed_artists(sync: ListenerSync, cursors: Cursors) -> Cursors:
    """Land the followed artists if they changed."""
    started_at = sync.clock()
    query = {"type": "artist"}
    pages = list(sync.pages("followed_artists", "me/following", query, inside="artists"))
    return _landed_if_changed(sync, cursors, "followed_artists", pages, started_at, KnownArtist)


SECTIONS: dict[str, Section] = {
    "profile": profile,
    "plays": plays,  # early: Spotify keeps only the last 50
    "saved_tracks": saved_tracks,
    "playlists": playlists,
    "top_items": top_items,
    "followed_artists": followed_artists,
}


def _playlist_items(sync: ListenerSync, playlist_id: str, snapshot_id: str) -> bool:
    """Land the items of one playlist; record a full sync only if it is complete.

    Returns False, and notes a problem, if they must be requested again.
    """
    started_at = sync.clock()
    context = {"playlist_id": playlist_id, "snapshot_id": snapshot_id}
    for name in ("items", "tracks"):  # older apps have the second one
        path = f"playlists/{quote(playlist_id, safe='')}/{name}"
        try:
            pages = list(sync.pages("playlist_items", path, _market(sync), **context))
            for page in pages:
                sync.land_page("playlist_items", page, **context)
            check_readable(pages)
        except NotReadable as refusal:
            if refusal.status == 403:
                return True  # another user's: readable for its owner and collaborators only
        except QuotaExceeded:
            raise
        except (requests.RequestException, Unreadable) as error:
            sync.problem(f"playlists: {playlist_id}: {one_line(error)}")
            return False
        else:
            sync.record_full_sync("playlist_items", started_at, pages, PlaylistEntry, **context)
            return True
    return True  # made by Spotify itself: no app may read it


def _landed_if_changed(
    sync: ListenerSync,
    cursors: Cursors,
    data_type: str,
    pages: list[Page],
    started_at: datetime,
    model: type[BaseModel],
) -> Cursors:
    """Land a list that is always requested completely, if it changed."""
    now = digest(pages)
    if now == cursors.get(data_type):
        return {}
    for page in pages:
        sync.land_page(data_type, page)
    check_readable(pages)
    sync.record_full_sync(data_type, started_at, pages, model)
    return {data_type: now}


def _market(sync: ListenerSync) -> dict[str, str]:
    return {"market": sync.market} if sync.market else {}
