"""Faulty answers: refusals, bodies that are cut short, invalid items."""

import json

from starlette.types import Message, Send

from simulator.api.entities import Json
from simulator.world import ids


async def refuse(send: Send, status: int, body: object, retry_after_s: int | None = None) -> None:
    """Answer with a status and a JSON body; `retry_after_s` may be 0."""
    content = json.dumps(body).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(content)).encode()),
    ]
    if retry_after_s is not None:
        headers.append((b"retry-after", str(retry_after_s).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


class _HalfAnswer:
    """Collects an answer, and sends half of its body."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if not message.get("more_body"):
            await self._send_half(self._body[: len(self._body) // 2])

    async def _send_half(self, half: bytes) -> None:
        raise NotImplementedError


class Truncation(_HalfAnswer):
    """Sends half of a body as if it were complete."""

    async def _send_half(self, half: bytes) -> None:
        kept = [pair for pair in self._start["headers"] if pair[0] != b"content-length"]
        kept.append((b"content-length", str(len(half)).encode()))
        await self._send({**self._start, "headers": kept})
        await self._send({"type": "http.response.body", "body": half})


class Disconnection(_HalfAnswer):
    """Announces the complete body and sends half: the server then closes the connection."""

    async def _send_half(self, half: bytes) -> None:
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": half, "more_body": True})


def garbled(entry: Json, fields: tuple[str, ...], *key: object) -> Json:
    """Make one field of an entry invalid: it is absent or has another type.

    If the field is an object, sometimes only its id is invalid. `key` decides which and how.
    """
    number = ids.digest("garbled", *key)
    name = fields[number % len(fields)]
    match number // len(fields) % 3:
        case 0:
            return {field: value for field, value in entry.items() if field != name}
        case 1 if isinstance(entry.get(name), dict):
            return entry | {name: entry[name] | {"id": _other_type(entry[name].get("id"))}}
        case _:
            return entry | {name: _other_type(entry.get(name))}


def _other_type(value: object) -> object:
    return 7 if isinstance(value, list) else [7]
