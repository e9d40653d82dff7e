"""Spotify's Web API, objects by id: playlists, tracks, albums, artists."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import JSONResponse
from starlette.datastructures import URL

from simulator.api.entities import Json
from simulator.api.state import World
from simulator.api.web import Limit, Offset, TheWorld, claims_of, page, perhaps_wrong, signed_in
from simulator.world.kept import Item, Playlist
from simulator.world.listeners import Listener

router = APIRouter(prefix="/v1")
Anybody = Annotated[Listener, Depends(signed_in())]
PlaylistReader = Annotated[Listener, Depends(signed_in("playlist-read-private"))]
_WITH_TOKEN = [Depends(claims_of)]  # an app's own token is enough
_MAX_OLD_ITEMS = 100
_MAX_IDS = 50


@router.get("/playlists/{playlist_id}")
async def playlist(
    request: Request, world: TheWorld, listener: Anybody, playlist_id: str
) -> JSONResponse:
    """Return a playlist; with its first items, if the listener may read them."""
    found = _playlist(world, playlist_id)
    answer = world.shapes.playlist(found, listener.user_id)
    answer["followers"] = {"href": None, "total": 0}
    for name in world.shapes.items_names:
        answer.pop(name, None)
        if found.is_readable_by(listener.user_id):
            url = request.url.replace(path=f"{request.url.path}/{name}")
            answer[name] = _items(url, world, found, _MAX_OLD_ITEMS, 0)
    return JSONResponse(answer)


@router.get("/playlists/{playlist_id}/items")
async def playlist_items(
    request: Request,
    world: TheWorld,
    listener: PlaylistReader,
    playlist_id: str,
    limit: Limit = 20,
    offset: Offset = 0,
) -> JSONResponse:
    """Return the items of a playlist that the listener owns or shares."""
    found = _readable(world, playlist_id, listener)
    return JSONResponse(_items(request.url, world, found, limit, offset))


@router.get("/playlists/{playlist_id}/tracks")
async def playlist_tracks(
    request: Request,
    world: TheWorld,
    listener: PlaylistReader,
    playlist_id: str,
    limit: Annotated[int, Query(ge=1, le=_MAX_OLD_ITEMS)] = _MAX_OLD_ITEMS,
    offset: Offset = 0,
) -> JSONResponse:
    """Return the items of a playlist to an older app."""
    if world.config.shapes == "new":
        raise HTTPException(403, "Forbidden")
    found = _readable(world, playlist_id, listener)
    return JSONResponse(_items(request.url, world, found, limit, offset))


@router.get("/{kind}/{key}", dependencies=_WITH_TOKEN)
async def one(world: TheWorld, kind: str, key: str) -> JSONResponse:
    """Return a track, an album or an artist."""
    answer = _FINDERS[kind](world, key) if kind in _FINDERS else None
    if answer is None:
        raise HTTPException(404, "Resource not found")
    return JSONResponse(answer)


@router.get("/{kind}", dependencies=_WITH_TOKEN)
async def several(world: TheWorld, kind: str, ids: str = "") -> JSONResponse:
    """Return several tracks, albums or artists to an older app; null for an unknown id."""
    if kind not in _FINDERS:
        raise HTTPException(404, "Resource not found")
    if world.config.shapes == "new":
        raise HTTPException(403, "Forbidden")
    keys = ids.split(",")
    if not ids or len(keys) > _MAX_IDS:
        raise HTTPException(400, "Invalid ids")
    return JSONResponse({kind: [_FINDERS[kind](world, key) for key in keys]})


def _track(world: World, track_id: str) -> Json | None:
    known = track_id in world.catalogue
    return world.shapes.track(world.catalogue.track(track_id)) if known else None


def _album(world: World, album_id: str) -> Json | None:
    tracks = world.catalogue.album_tracks(album_id)
    return world.shapes.album(tracks) if tracks else None


def _artist(world: World, artist_id: str) -> Json | None:
    artist = world.catalogue.artist(artist_id)
    return world.shapes.artist(artist) if artist else None


_FINDERS: dict[str, Callable[[World, str], Json | None]] = {
    "tracks": _track,
    "albums": _album,
    "artists": _artist,
}


def _playlist(world: World, playlist_id: str) -> Playlist:
    found = world.playlist(playlist_id)
    if found is None:
        raise HTTPException(404, "Resource not found")
    return found


def _readable(world: World, playlist_id: str, listener: Listener) -> Playlist:
    found = _playlist(world, playlist_id)
    if not found.is_readable_by(listener.user_id):
        raise HTTPException(403, "Forbidden")
    return found


def _items(url: URL, world: World, found: Playlist, limit: int, offset: int) -> Json:
    def entry(item: Item) -> Json:
        key = item.key(found.playlist_id)
        kind = world.faults.of_item(*key) or item.kind
        first, *others = world.shapes.item_names
        shown = world.shapes.playlist_entry(item, world.shapes.content(kind, item.track_id))
        shown = perhaps_wrong(world, shown, (first,), *key)
        if first not in shown:
            return {name: value for name, value in shown.items() if name not in others}
        return shown | dict.fromkeys(others, shown[first])

    return page(url, found.items, limit, offset, entry)
