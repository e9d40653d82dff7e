"""Controls the simulation over HTTP, under `/_simulator`: for tests in another process."""

from typing import Any

from fastapi import APIRouter
from fastapi.exceptions import HTTPException
from pydantic import AwareDatetime, BaseModel, ConfigDict

from simulator.api.faults import Faults
from simulator.api.shapes import stamp
from simulator.api.web import TheWorld
from simulator.world.kept import Kept

router = APIRouter(prefix="/_simulator")


class Clock(BaseModel):
    """The simulated clock; `as_of` has a time zone."""

    model_config = ConfigDict(extra="forbid")

    as_of: AwareDatetime


@router.get("")
async def overview(world: TheWorld) -> dict[str, Any]:
    """Return the listeners, and the apps to sign in with."""
    return {
        "as_of": stamp(world.clock),
        "seed": world.config.seed,
        "shapes": world.config.shapes,
        "listeners": [
            {
                "user_id": listener.user_id,
                "display_name": listener.display_name,
                "time_zone": listener.time_zone,
                "taste": listener.taste.name,
            }
            for listener in world.listeners.values()
        ],
        "apps": list(world.apps.values()),
    }


@router.get("/clock")
async def clock(world: TheWorld) -> Clock:
    """Return the simulated time."""
    return Clock(as_of=world.clock)


@router.put("/clock")
async def set_clock(world: TheWorld, body: Clock) -> Clock:
    """Set the simulated time."""
    world.set_clock(body.as_of)
    return body


@router.get("/truth/{user_id}")
async def truth(world: TheWorld, user_id: str) -> list[dict[str, Any]]:
    """Return every play of a listener up to the clock, oldest first."""
    if user_id not in world.listeners:
        raise HTTPException(404, "No such listener")
    return [
        {
            "played_at": stamp(true.play.played_at, "ms"),
            "track_id": true.play.track_id,
            "ms_played": true.play.ms_played,
            "is_skip": true.play.is_skip,
            "is_reachable": true.is_reachable,
            "is_wrong": true.is_wrong,
        }
        for true in world.truth(user_id)
    ]


@router.get("/truth/{user_id}/library")
async def library_truth(world: TheWorld, user_id: str) -> dict[str, Any]:
    """Return everything that a listener kept up to the clock, oldest first, removed or not."""
    if user_id not in world.listeners:
        raise HTTPException(404, "No such listener")
    library = world.library(user_id)
    return {
        "saved": [_kept(item, track_id=item.track_id) for item in library.saved_until(world.clock)],
        "playlists": {
            playlist_id: [_kept(item, track_id=item.track_id, kind=item.kind) for item in items]
            for playlist_id, items in library.items_until(world.clock).items()
        },
        "followed": [
            _kept(follow, artist_id=follow.artist.artist_id)
            for follow in library.followed_until(world.clock)
        ],
    }


@router.get("/calls")
async def calls(world: TheWorld) -> dict[str, dict[str, int]]:
    """Return the calls per listener or app and endpoint; "" is a call without a token."""
    return {user_id: dict(counts) for user_id, counts in world.calls.items()}


@router.delete("/calls", status_code=204)
async def reset_calls(world: TheWorld) -> None:
    """Reset the counts of calls."""
    world.calls.clear()


@router.delete("/quota", status_code=204)
async def renew_quota(world: TheWorld) -> None:
    """Reset the quota of every developer account."""
    world.quota_used.clear()


@router.get("/faults")
async def faults(world: TheWorld) -> Faults:
    """Return the switches."""
    return world.faults


@router.put("/faults")
async def set_faults(world: TheWorld, body: Faults) -> Faults:
    """Set the switches; those that are not in the body get their defaults."""
    world.faults = body
    return body


def _kept(thing: Kept, **fields: str | None) -> dict[str, str | None]:
    return {
        **fields,
        "added_at": stamp(thing.added_at) if thing.added_at else None,
        "removed_at": stamp(thing.removed_at) if thing.removed_at else None,
    }
