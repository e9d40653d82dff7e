"""What is asked of Spotify for each listener: only what is new since the last finished run.

Each section takes the visit and the listener's cursors, lands pages, and returns the cursors that
move. Where it raises none moves, so that the next run asks again for what is missing.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

from ingestion.http import ApiError, NotReadable, QuotaExceeded
from ingestion.spotify.visit import (
    PAGE_SIZE,
    Page,
    Visit,
    checksum,
    digest,
    instant,
    instants,
    is_text,
)

Cursors = dict[str, Any]
Section = Callable[[Visit, Cursors], Cursors]

# Asked for again at every run, so that a play that Spotify lists late is not missed.
PLAYS_OVERLAP = timedelta(hours=1)
FULL_PASS_EVERY = timedelta(days=7)
BEFORE_SPOTIFY = datetime(2006, 1, 1, tzinfo=UTC)
TERMS = ("short_term", "medium_term", "long_term")


def profile(visit: Visit, cursors: Cursors) -> Cursors:
    """Land the profile where it changed."""
    land = partial(visit.land, "profile")
    (body,) = visit.api.pages("me", {}, on_broken=land)
    now = checksum(body)
    if now != cursors.get("profile"):
        land(body)
    return {"profile": now}


def plays(visit: Visit, cursors: Cursors) -> Cursors:
    """Land the plays since the newest known one, and record a gap where some may be missing."""
    known = instant(cursors.get("played_at"))
    after = {"after": int((known - PLAYS_OVERLAP).timestamp() * 1000)} if known else {}
    pages: list[Page] = []
    for page in visit.pages("plays", "me/player/recently-played", after):
        visit.land("plays", page.body)  # at once: Spotify may tell them no more at the next run
        pages.append(page)
    seen = instants(pages, "played_at", until=visit.clock())
    if not seen:
        return {}
    is_full = sum(page.count_items for page in pages) >= PAGE_SIZE
    gap_start = known or visit.connected_at
    if is_full and min(seen) > gap_start:
        gap = {"gap_start": gap_start.isoformat(), "gap_end": min(seen).isoformat()}
        visit.record("spotify_capture_gaps", **gap)
    return {"played_at": max([*seen, known or BEFORE_SPOTIFY]).isoformat()}


def saved_tracks(visit: Visit, cursors: Cursors) -> Cursors:
    """Land the newest saved tracks down to the known ones; all of them once a week.

    Only a full pass can tell what is no longer saved.
    """
    started_at = visit.clock()
    known = instant(cursors.get("saved_at")) or BEFORE_SPOTIFY
    passed_at = instant(cursors.get("saved_pass_at"))
    is_due = passed_at is None or started_at - passed_at >= FULL_PASS_EVERY
    is_passed = False
    pages: list[Page] = []
    for page in visit.pages("saved_tracks", "me/tracks", _market(visit)):
        if not (pages or is_due) and digest([page]) == cursors.get("saved_head"):
            return {}  # the first page is as it was: nothing was saved since
        visit.land("saved_tracks", page.body)
        pages.append(page)
        added = instants([page], "added_at", until=started_at)
        if not is_due and added and min(added) < known:
            break  # newest first: all after this page is landed already
    else:
        is_passed = is_due and visit.record_pass("saved_tracks", started_at, pages)
    newest = max([known, *instants(pages, "added_at", until=started_at)])
    moved = {"saved_at": newest.isoformat(), "saved_head": digest(pages[:1])}
    return moved | ({"saved_pass_at": started_at.isoformat()} if is_passed else {})


def playlists(visit: Visit, cursors: Cursors) -> Cursors:
    """Land the list of playlists where it changed, and the items of each changed playlist."""
    started_at = visit.clock()
    pages = list(visit.pages("playlists", "me/playlists"))
    known, snapshots = cursors.get("snapshots", {}), {}
    for playlist in (item for page in pages for item in page.items):
        playlist_id, snapshot_id = playlist.get("id"), playlist.get("snapshot_id")
        if not (is_text(playlist_id) and is_text(snapshot_id)):
            continue  # the parser sets it aside
        is_known = snapshot_id == known.get(playlist_id)
        if is_known or _playlist_items(visit, playlist_id, snapshot_id):
            snapshots[playlist_id] = snapshot_id
    moved = _landed_if_changed(visit, cursors, "playlists", pages, started_at)
    return moved | {"snapshots": snapshots}


def top_items(visit: Visit, cursors: Cursors) -> Cursors:
    """Land the top tracks and artists of each term, once a day."""
    today = f"{visit.clock():%Y-%m-%d}"
    if cursors.get("tops_on") == today:
        return {}
    for kind in ("tracks", "artists"):
        for term in TERMS:
            query = {"time_range": term, "limit": PAGE_SIZE}
            land = partial(visit.land, "top_items", kind=kind, term=term)
            for body in visit.api.pages(f"me/top/{kind}", query, on_broken=land):
                land(body)
    return {"tops_on": today}


def followed_artists(visit: Visit, cursors: Cursors) -> Cursors:
    """Land the followed artists where they changed."""
    started_at = visit.clock()
    query = {"type": "artist"}
    pages = list(visit.pages("followed_artists", "me/following", query, inside="artists"))
    return _landed_if_changed(visit, cursors, "followed_artists", pages, started_at)


SECTIONS: dict[str, Section] = {
    "profile": profile,
    "plays": plays,  # early: they are the ones that Spotify forgets
    "saved_tracks": saved_tracks,
    "playlists": playlists,
    "top_items": top_items,
    "followed_artists": followed_artists,
}


def _playlist_items(visit: Visit, playlist_id: str, snapshot_id: str) -> bool:
    """Land the items of one playlist, all or none: half of them would look as if the rest had gone.

    False, and a problem, if they must be asked for again.
    """
    started_at = visit.clock()
    context = {"playlist_id": playlist_id, "snapshot_id": snapshot_id}
    for name in ("items", "tracks"):  # the second is what older apps have
        path = f"playlists/{quote(playlist_id, safe='')}/{name}"
        try:
            pages = list(visit.pages("playlist_items", path, _market(visit)))
        except NotReadable as refusal:
            if refusal.status == 403:
                return True  # somebody else's: readable for its owner and collaborators alone
        except QuotaExceeded:
            raise
        except ApiError as error:
            visit.problems.append(str(error))
            return False
        else:
            for page in pages:
                visit.land("playlist_items", page.body, **context)
            visit.record_pass("playlist_items", started_at, pages, **context)
            return True
    return True


def _landed_if_changed(
    visit: Visit, cursors: Cursors, data_type: str, pages: list[Page], started_at: datetime
) -> Cursors:
    """Land a list that is always read from end to end, where it is not as it was."""
    now = digest(pages)
    if now == cursors.get(data_type):
        return {}
    for page in pages:
        visit.land(data_type, page.body)
    return {data_type: now} if visit.record_pass(data_type, started_at, pages) else {}


def _market(visit: Visit) -> dict[str, str]:
    return {"market": visit.market} if visit.market else {}
