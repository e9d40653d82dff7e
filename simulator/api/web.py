"""Shared by the routes: the world of a request, the listener of its token, and paging."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any, TypeVar, cast

from fastapi import Depends, HTTPException, Query, Request
from starlette.datastructures import URL

from simulator.api.apps import ACCESS_TOKEN_S
from simulator.api.broken import garbled
from simulator.api.entities import Json
from simulator.api.state import World
from simulator.world.listeners import Listener

Entry = TypeVar("Entry")
Limit = Annotated[int, Query(ge=1, le=50)]
Offset = Annotated[int, Query(ge=0)]


async def world_of(request: Request) -> World:
    """Return the world of the server."""
    return cast(World, request.app.state.world)


TheWorld = Annotated[World, Depends(world_of)]


async def claims_of(request: Request, world: TheWorld) -> dict[str, Any]:
    """Return the claims of the access token; `user_id` is "" for an app's own token.

    Answers 401 if the token is absent, forged, expired or revoked.
    """
    header = request.headers.get("authorization")
    if header is None:
        raise HTTPException(401, "No token provided")
    claims = world.tokens.bearer(header)
    if claims is None or not world.is_valid(claims, claims["consented_at"]):
        raise HTTPException(401, "Invalid access token")
    if world.clock.timestamp() > claims["at"] + ACCESS_TOKEN_S:
        raise HTTPException(401, "The access token expired")
    return claims


Claims = Annotated[dict[str, Any], Depends(claims_of)]


def signed_in(scope: str | None = None) -> Callable[[World, dict[str, Any]], Awaitable[Listener]]:
    """Make a dependency: the listener of the request's access token.

    Answers 401 also to an app's own token, and 403 to a listener without a seat or a token without
    the scope.
    """

    async def listener_of(world: TheWorld, claims: Claims) -> Listener:
        if not claims["user_id"]:
            raise HTTPException(401, "Valid user authentication required")
        if not world.apps[claims["client_id"]].admits(claims["user_id"]):
            raise HTTPException(403, "User not registered in the Developer Dashboard")
        if scope is not None and scope not in claims["scope"].split():
            raise HTTPException(403, "Insufficient client scope")
        return world.listeners[claims["user_id"]]

    return listener_of


def perhaps_wrong(world: World, entry: Json, fields: tuple[str, ...], *key: object) -> Json:
    """Return an entry of a list; one of the fields is invalid if a fault applies."""
    return garbled(entry, fields, *key) if world.faults.is_wrong(*key) else entry


def page(
    url: URL,
    everything: Sequence[Entry],
    limit: int,
    offset: int,
    write: Callable[[Entry], Json | None],
) -> Json:
    """Make one page of a list, with links to the next and the previous one on this server."""

    def link(start: int) -> str:
        return str(url.include_query_params(offset=start, limit=limit))

    end = offset + limit
    return {
        "href": link(offset),
        "items": [write(entry) for entry in everything[offset:end]],
        "limit": limit,
        "next": link(end) if end < len(everything) else None,
        "offset": offset,
        "previous": link(max(0, offset - limit)) if offset else None,
        "total": len(everything),
    }
