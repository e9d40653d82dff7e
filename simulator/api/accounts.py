"""Spotify's accounts service: the authorization code flow with PKCE, and its tokens."""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pandas as pd
from fastapi import APIRouter, Request
from fastapi.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)

from simulator.api.apps import ACCESS_TOKEN_S, App, is_secure
from simulator.api.consent import consent_page
from simulator.api.state import World
from simulator.api.web import TheWorld

router = APIRouter()
_CODE_S = 600
_REFRESH_TOKEN_LIFE = pd.DateOffset(months=6)
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


class TokenError(Exception):
    """An error of the token endpoint: `error` and `error_description` of its answer."""


@router.get("/authorize")
async def authorize(request: Request, world: TheWorld) -> Response:
    """Show the consent page; `listener=<id>` in the query consents at once."""
    query = dict(request.query_params)
    app = world.apps.get(query.get("client_id", ""))
    redirect_uri, user_id = query.get("redirect_uri", ""), query.get("listener")
    if app is None:
        return PlainTextResponse("INVALID_CLIENT: Invalid client", 400)
    if not is_secure(redirect_uri):
        return PlainTextResponse("INVALID_CLIENT: Insecure redirect URI", 400)
    if not app.accepts(redirect_uri):
        return PlainTextResponse("INVALID_CLIENT: Invalid redirect URI", 400)
    if error := _invalid(query):
        return _send_back(query, error=error)
    if query.get("decision") == "deny":
        return _send_back(query, error="access_denied")
    if user_id is None:
        return HTMLResponse(consent_page(world.listeners.values(), query))
    if user_id not in world.listeners:
        return PlainTextResponse("No such listener", 404)
    app.admits(user_id)
    code = world.tokens.sign(
        "code",
        nonce=secrets.token_hex(8),
        client_id=app.client_id,
        user_id=user_id,
        redirect_uri=redirect_uri,
        scope=query.get("scope", ""),
        challenge=query.get("code_challenge"),
        at=world.consent(user_id),
    )
    return _send_back(query, code=code)


@router.post("/api/token")
async def token(request: Request, world: TheWorld) -> JSONResponse:
    """Exchange a code, renew an access token, or return an app's own one.

    Refreshing does not rotate the refresh token.
    """
    form = dict(parse_qsl((await request.body()).decode()))
    try:
        app, has_secret = _client(world, form, request.headers.get("authorization"))
        match form.get("grant_type"):
            case "authorization_code":
                answer = _exchange(world, app, form, has_secret)
            case "refresh_token":
                answer = _refresh(world, app, form, has_secret)
            case "client_credentials":
                answer = _app_token(world, app, has_secret)
            case _:
                raise TokenError("unsupported_grant_type", "Unsupported grant type")
    except TokenError as error:
        body = dict(zip(("error", "error_description"), error.args, strict=True))
        return JSONResponse(body, 400)
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


def _exchange(world: World, app: App, form: Mapping[str, str], has_secret: bool) -> dict[str, Any]:
    code = form.get("code", "")
    claims = world.tokens.read("code", code)
    if claims is None or claims["client_id"] != app.client_id or code in world.used_codes:
        raise TokenError("invalid_grant", "Invalid authorization code")
    if world.clock.timestamp() > claims["at"] + _CODE_S:
        raise TokenError("invalid_grant", "Authorization code expired")
    if form.get("redirect_uri") != claims["redirect_uri"]:
        raise TokenError("invalid_grant", "Invalid redirect URI")
    _prove(claims["challenge"], form.get("code_verifier"), has_secret)
    world.used_codes.add(code)
    grant = {name: claims[name] for name in ("client_id", "user_id", "scope", "at")}
    is_public = claims["challenge"] is not None
    refresh_token = world.tokens.sign("refresh", is_public=is_public, **grant)
    return _access(world, grant) | {"refresh_token": refresh_token}


def _refresh(world: World, app: App, form: Mapping[str, str], has_secret: bool) -> dict[str, Any]:
    grant = world.tokens.read("refresh", form.get("refresh_token", ""))
    if grant is None or grant["client_id"] != app.client_id:
        raise TokenError("invalid_grant", "Invalid refresh token")
    if not (has_secret or grant["is_public"]):
        raise TokenError("invalid_client", "Invalid client")
    authorised_at = pd.Timestamp(grant["at"], unit="s", tz="UTC")
    is_dead = world.clock >= authorised_at + _REFRESH_TOKEN_LIFE
    if is_dead or not world.is_valid(grant, grant["at"]):
        raise TokenError("invalid_grant", "Refresh token revoked")
    return _access(world, grant)


def _access(world: World, grant: Mapping[str, Any]) -> dict[str, Any]:
    claims = {name: grant[name] for name in ("client_id", "user_id", "scope")}
    return _bearer(world, consented_at=grant["at"], **claims) | {"scope": grant["scope"]}


def _app_token(world: World, app: App, has_secret: bool) -> dict[str, Any]:
    """Return an app's own access token, without a listener."""
    if not has_secret:
        raise TokenError("invalid_client", "Invalid client")
    return _bearer(world, client_id=app.client_id, user_id="", scope="", consented_at=0)


def _bearer(world: World, **claims: Any) -> dict[str, Any]:
    return {
        "access_token": world.tokens.sign("access", at=world.clock.timestamp(), **claims),
        "token_type": "Bearer",
        "expires_in": ACCESS_TOKEN_S,
    }


def _invalid(query: Mapping[str, str]) -> str | None:
    """Return the error code of an invalid authorization request."""
    if query.get("response_type") != "code":
        return "unsupported_response_type"
    if "code_challenge" in query and query.get("code_challenge_method") != "S256":
        return "invalid_request"
    return None


def _send_back(query: Mapping[str, str], **answer: str) -> RedirectResponse:
    """Redirect the browser to the app with an answer and the unchanged `state`."""
    if "state" in query:
        answer["state"] = query["state"]
    uri = query["redirect_uri"]
    return RedirectResponse(f"{uri}{'&' if '?' in uri else '?'}{urlencode(answer)}", 302)


def _client(world: World, form: Mapping[str, str], authorization: str | None) -> tuple[App, bool]:
    """Find the app that calls, and whether it sent its secret."""
    client_id, secret = form.get("client_id", ""), form.get("client_secret")
    if authorization and authorization.startswith("Basic "):
        try:
            basic = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        except ValueError:
            basic = ""
        client_id, _, secret = basic.partition(":")
    app = world.apps.get(client_id)
    if app is None:
        raise TokenError("invalid_client", "Invalid client")
    if secret is not None and not hmac.compare_digest(secret.encode(), app.client_secret.encode()):
        raise TokenError("invalid_client", "Invalid client secret")
    return app, secret is not None


def _prove(challenge: str | None, verifier: str | None, has_secret: bool) -> None:
    """Check that the caller requested the code: by PKCE, else by the app's secret."""
    if challenge is None:
        if not has_secret:
            raise TokenError("invalid_client", "Invalid client")
        return
    if verifier is None or not _VERIFIER.fullmatch(verifier):
        raise TokenError("invalid_request", "code_verifier must be 43 to 128 characters")
    hashed = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
    if hashed.decode().rstrip("=") != challenge:
        raise TokenError("invalid_grant", "code_verifier was incorrect")
