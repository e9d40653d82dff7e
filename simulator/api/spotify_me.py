"""Spotify's Web API, the listener's own data: `/v1/me` and below."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import JSONResponse

from simulator.api.entities import Json
from simulator.api.state import World
from simulator.api.web import Limit, Offset, TheWorld, page, perhaps_wrong, signed_in
from simulator.world.kept import Item, Playlist
from simulator.world.listeners import Listener
from simulator.world.music import Artist, Track
from simulator.world.plays import TERM_DAYS, Play

router = APIRouter(prefix="/v1/me")
Anybody = Annotated[Listener, Depends(signed_in())]
PlayReader = Annotated[Listener, Depends(signed_in("user-read-recently-played"))]
TopReader = Annotated[Listener, Depends(signed_in("user-top-read"))]
LibraryReader = Annotated[Listener, Depends(signed_in("user-library-read"))]
PlaylistReader = Annotated[Listener, Depends(signed_in("playlist-read-private"))]
FollowReader = Annotated[Listener, Depends(signed_in("user-follow-read"))]


@router.get("")
async def profile(world: TheWorld, listener: Anybody) -> JSONResponse:
    """Return the listener's profile."""
    return JSONResponse(world.shapes.profile(listener))


@router.get("/top/{kind}")
async def top_items(
    request: Request,
    world: TheWorld,
    listener: TopReader,
    kind: str,
    time_range: str = "medium_term",
    limit: Limit = 20,
    offset: Offset = 0,
) -> JSONResponse:
    """Return the listener's top tracks or artists of a term."""
    if time_range not in TERM_DAYS:
        raise HTTPException(400, "Invalid time range")
    history = world.history(listener.user_id)

    def track(track: Track) -> Json:
        return _named(world, world.shapes.track(track), "top", track.track_id)

    def artist(artist: Artist) -> Json:
        return _named(world, world.shapes.artist(artist), "top", artist.artist_id)

    match kind:
        case "tracks":
            tracks = history.top_tracks(world.clock, time_range)
            return JSONResponse(page(request.url, tracks, limit, offset, track))
        case "artists":
            artists = history.top_artists(world.clock, time_range)
            return JSONResponse(page(request.url, artists, limit, offset, artist))
        case _:
            raise HTTPException(404, "Resource not found")


@router.get("/player/recently-played")
async def recently_played(
    request: Request,
    world: TheWorld,
    listener: PlayReader,
    limit: Limit = 20,
    after: int | None = None,
    before: int | None = None,
) -> JSONResponse:
    """Return plays out of the last 50, newest first; `after` and `before` are Unix ms.

    As in the real API, a full page links to a next one even if that is empty, and an empty page
    has no cursors.
    """
    if after is not None and before is not None:
        raise HTTPException(400, "Only one of after and before may be given")
    plays = world.history(listener.user_id).held(world.clock)
    if after is not None:
        plays = [play for play in plays if _unix_ms(play) > after][-limit:]
    elif before is not None:
        plays = [play for play in plays if _unix_ms(play) < before][:limit]
    else:
        plays = plays[:limit]
    cursors, next_link = None, None
    if plays:
        cursors = {"after": str(_unix_ms(plays[0])), "before": str(_unix_ms(plays[-1]))}
    if cursors and len(plays) == limit:
        side = "before" if after is None else "after"
        next_link = str(request.url.include_query_params(limit=limit, **{side: cursors[side]}))
    answer = {
        "href": str(request.url),
        "items": [_played(world, play) for play in plays],
        "limit": limit,
        "next": next_link,
        "cursors": cursors,
    }
    return JSONResponse(answer)


@router.get("/tracks")
async def saved_tracks(
    request: Request,
    world: TheWorld,
    listener: LibraryReader,
    limit: Limit = 20,
    offset: Offset = 0,
) -> JSONResponse:
    """Return the saved tracks, newest first."""

    def entry(item: Item) -> Json:
        shown = world.shapes.saved_track(item, world.shapes.content(item.kind, item.track_id))
        return perhaps_wrong(world, shown, ("track",), *item.key("saved"))

    saved = world.library(listener.user_id).saved_tracks(world.clock)
    return JSONResponse(page(request.url, saved, limit, offset, entry))


@router.get("/playlists")
async def playlists(
    request: Request,
    world: TheWorld,
    listener: PlaylistReader,
    limit: Limit = 20,
    offset: Offset = 0,
) -> JSONResponse:
    """Return the playlists that the listener owns, shares or follows."""

    def entry(playlist: Playlist) -> Json:
        shown = world.shapes.playlist(playlist, listener.user_id)
        return perhaps_wrong(world, shown, ("id",), "playlists", playlist.playlist_id)

    kept = world.library(listener.user_id).playlists(world.clock)
    return JSONResponse(page(request.url, kept, limit, offset, entry))


@router.get("/following")
async def followed_artists(
    request: Request,
    world: TheWorld,
    listener: FollowReader,
    kind: Annotated[str, Query(alias="type")],
    after: str | None = None,
    limit: Limit = 20,
) -> JSONResponse:
    """Return the followed artists; `after` is the id of the last artist of the page before."""
    if kind != "artist":
        raise HTTPException(400, "Invalid type")
    artists = world.library(listener.user_id).followed_artists(world.clock)
    known = [artist.artist_id for artist in artists]
    start = known.index(after) + 1 if after in known else 0
    cut = artists[start : start + limit]
    last = cut[-1].artist_id if start + limit < len(artists) else None
    answer = {
        "href": str(request.url),
        "items": [
            _named(world, world.shapes.artist(artist), "followed", artist.artist_id)
            for artist in cut
        ],
        "limit": limit,
        "next": last and str(request.url.include_query_params(after=last, limit=limit)),
        "cursors": {"after": last},
        "total": len(artists),
    }
    return JSONResponse({"artists": answer})


def _played(world: World, play: Play) -> Json:
    shown = world.shapes.play(play, world.shapes.content("track", play.track_id))
    return perhaps_wrong(world, shown, ("track", "played_at"), *play.key)


def _named(world: World, shown: Json, *key: object) -> Json:
    return perhaps_wrong(world, shown, ("id", "name"), *key)


def _unix_ms(play: Play) -> int:
    return round(play.played_at.timestamp() * 1000)
