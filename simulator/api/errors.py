"""The error answers of the simulated services."""

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

_RECCOBEATS = "/reccobeats"
_TOKEN = "/api/token"  # noqa: S105 - a path


class ReccoBeatsError(Exception):
    """An error of ReccoBeats: HTTP status, error code, message."""


def worded_error(path: str, status: int, message: str, **more: str) -> dict[str, object]:
    """Make the error body of the service that owns the path."""
    if path.startswith(_RECCOBEATS):
        return reccobeats_error(path, {404: 4042, 429: 4291}.get(status, status * 10), message)
    if path == _TOKEN:
        return {"error": "server_error", "error_description": message}
    return {"error": {"status": status, "message": message, **more}}


def reccobeats_error(path: str, code: int, message: str) -> dict[str, object]:
    """Make an error body of ReccoBeats."""
    return {"error": code, "path": path.removeprefix(_RECCOBEATS), "errors": [message]}


async def answer_http_exception(request: Request, error: Exception) -> JSONResponse:
    """Answer an error of a route, or a path that does not exist."""
    assert isinstance(error, HTTPException)
    body = worded_error(request.url.path, error.status_code, error.detail)
    return JSONResponse(body, error.status_code)


async def answer_invalid_parameter(request: Request, error: Exception) -> JSONResponse:
    """Answer invalid parameters."""
    assert isinstance(error, RequestValidationError)
    body = worded_error(request.url.path, 400, f"Invalid {error.errors()[0]['loc'][-1]}")
    return JSONResponse(body, 400)


async def answer_reccobeats_error(request: Request, error: Exception) -> JSONResponse:
    """Answer an error of ReccoBeats."""
    status, code, message = error.args
    return JSONResponse(reccobeats_error(request.url.path, code, message), status)
