"""A real HTTP server that answers each endpoint of Spotify with bodies given by a test."""

import json
import re
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.ingestion.pages import ADDRESS

MAX_CALLS = 100
ENDPOINTS = {
    "profile": r"/me",
    "plays": r"/me/player/recently-played",
    "saved_tracks": r"/me/tracks",
    "playlists": r"/me/playlists",
    "playlist_items": r"/playlists/.+/items",
    "tracks": r"/me/top/tracks",
    "artists": r"/me/top/artists",
    "followed_artists": r"/me/following",
}


class StubApi:
    """Answers each endpoint with its bodies in turn, then with the last one again; else 404.

    `sent` counts the bodies. After `MAX_CALLS` every answer is 404.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.expect({})

    def expect(self, answers: Mapping[str, Sequence[bytes]]) -> None:
        """Set the bodies by endpoint."""
        self._answers = answers
        self._calls: Counter[str] = Counter()
        self.sent: Counter[bytes] = Counter()

    @property
    def count_calls(self) -> int:
        return self._calls.total()

    @property
    def broken(self) -> Counter[bytes]:
        """Count the bodies sent that are not JSON."""
        return Counter({body: n for body, n in self.sent.items() if not _is_json(body)})

    def answer(self, target: str) -> bytes | None:
        """Return the body for a request; None for 404."""
        path = target.split("?")[0]
        name = next((key for key, form in ENDPOINTS.items() if re.fullmatch(form, path)), "")
        turn = self._calls[name]
        self._calls[name] += 1
        bodies = self._answers.get(name)
        if not bodies or self.count_calls > MAX_CALLS:
            return None
        body = bodies[min(turn, len(bodies) - 1)].replace(ADDRESS.encode(), self.url.encode())
        self.sent[body] += 1
        return body


@contextmanager
def stub_api() -> Iterator[StubApi]:
    """Serve during the context."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = api.answer(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    api = StubApi(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True
