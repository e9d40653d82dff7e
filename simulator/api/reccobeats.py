"""ReccoBeats under `/reccobeats/v1`: acoustic features of the tracks that it knows."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from simulator.api.entities import MARKETS, OPEN, Json
from simulator.api.errors import ReccoBeatsError
from simulator.api.state import World
from simulator.api.web import TheWorld
from simulator.world import ids

router = APIRouter(prefix="/reccobeats/v1")
COVERAGE = 0.85
"""Share of the catalogue that ReccoBeats knows."""
COVERAGE_THIS_YEAR = 0.2
"""Share of the current year's tracks that ReccoBeats knows."""
_MAX_IDS = 40


@router.get("/track")
async def tracks(request: Request, world: TheWorld) -> JSONResponse:
    """Return the tracks that ReccoBeats knows, with their ReccoBeats ids; others are omitted."""
    return _several(request, world, _describe)


@router.get("/audio-features")
async def several_features(request: Request, world: TheWorld) -> JSONResponse:
    """Return the features of the tracks that ReccoBeats knows; others are omitted."""
    return _several(request, world, _features)


@router.get("/track/{reccobeats_id}/audio-features")
async def features(world: TheWorld, reccobeats_id: str) -> JSONResponse:
    """Return the features of one track, by ReccoBeats id."""
    track_id = ids.track_id_of(reccobeats_id)
    found = _features(world, track_id) if track_id and _knows(world, track_id) else None
    if found is None:
        raise ReccoBeatsError(404, 4041, "Resource not found")
    return JSONResponse(found)


def _several(
    request: Request, world: World, write: Callable[[World, str], Json | None]
) -> JSONResponse:
    keys = [key for text in request.query_params.getlist("ids") for key in text.split(",") if key]
    if not keys:
        raise ReccoBeatsError(400, 4001, "ids must not be empty")
    if len(keys) > _MAX_IDS:
        raise ReccoBeatsError(400, 4002, f"ids must hold at most {_MAX_IDS}")
    requested = dict.fromkeys(track_id for key in keys for track_id in _resolve(world, key))
    known = sorted(
        (track_id for track_id in requested if _knows(world, track_id)),
        key=lambda track_id: ids.digest("order", track_id),
    )
    content = [answer for track_id in known if (answer := write(world, track_id))]
    is_bare = world.config.reccobeats_shape == "array"
    return JSONResponse(content if is_bare else {"content": content})


def _resolve(world: World, key: str) -> list[str]:
    """Resolve a Spotify id, a ReccoBeats UUID or an ISRC, which may have several tracks."""
    if key in world.catalogue:
        return [key]
    return [track_id] if (track_id := ids.track_id_of(key)) else world.catalogue.with_isrc(key)


def _knows(world: World, track_id: str) -> bool:
    if track_id not in world.catalogue or ids.reccobeats_id(track_id) is None:
        return False
    is_new = world.catalogue.track(track_id).year == world.clock.year
    share = COVERAGE_THIS_YEAR if is_new else COVERAGE
    return ids.fraction("reccobeats", track_id) < share


def _describe(world: World, track_id: str) -> Json:
    track = world.catalogue.track(track_id)
    return {
        "id": ids.reccobeats_id(track_id),
        "trackTitle": track.name,
        "artists": [
            {
                "id": ids.reccobeats_id(artist.artist_id),
                "name": artist.name,
                "href": f"{OPEN}/artist/{artist.artist_id}",
            }
            for artist in track.artists
        ],
        "durationMs": track.duration_ms,
        "isrc": track.isrc,
        "ean": None,
        "upc": None,
        "href": f"{OPEN}/track/{track_id}",
        "availableCountries": ",".join(MARKETS),
        "popularity": int(100 * ids.fraction("popularity", track_id) ** 2),
    }


def _features(world: World, track_id: str) -> Json | None:
    measured = world.catalogue.features(track_id)
    if measured is None:
        return None
    return {
        "id": ids.reccobeats_id(track_id),
        "href": f"{OPEN}/track/{track_id}",
        "isrc": world.catalogue.track(track_id).isrc,
        **measured,
    }
