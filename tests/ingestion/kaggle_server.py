"""The part of Kaggle's API that a download uses, served on this machine.

The official client knows one local address, `http://localhost`, without a port. So the server is
its HTTP proxy, and gets all calls of the client.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

API = "/api/v1/"
STORAGE = "/storage/"


@dataclass
class Kaggle:
    """A data set of one file at Kaggle; `calls` are the paths called, `requests` the bodies."""

    token: str
    version: int
    file_name: str
    content: bytes
    status: int = 200
    calls: list[str] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        path = urlsplit(handler.path).path
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        self.calls.append(path.removeprefix(API))
        is_ours = handler.headers.get("Authorization") == f"Bearer {self.token}"
        if path.startswith(STORAGE):
            _send(handler, 200, self.content)
        elif self.calls[-1] == "security.OAuthService/IntrospectToken":
            is_known = json.loads(body)["token"] == self.token
            _send(handler, 200, {"active": is_known, "username": "somebody"})
        elif self.status != 200 or not is_ours:
            status = self.status if is_ours else 401
            _send(handler, status, {"code": status, "message": "refused"})
        elif self.calls[-1] == "datasets.DatasetApiService/GetDataset":
            self.requests.append(json.loads(body))
            _send(handler, 200, {"id": 1, "currentVersionNumber": self.version})
        elif self.calls[-1] == "datasets.DatasetApiService/DownloadDataset":
            self.requests.append(json.loads(body))
            handler.send_response(302)
            handler.send_header("Location", f"http://localhost{STORAGE}{self.file_name}?signed=1")
            handler.send_header("Content-Length", "0")
            handler.end_headers()
        else:
            _send(handler, 404, {"code": 404, "message": "not found"})

    def downloads(self) -> int:
        """Return how often the file was fetched."""
        return sum(call.startswith(STORAGE) for call in self.calls)


def _send(handler: BaseHTTPRequestHandler, status: int, content: object) -> None:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    handler.send_response(status)
    kind = "application/octet-stream" if body is content else "application/json"
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
    handler.close_connection = True


@contextmanager
def serving(kaggle: Kaggle) -> Iterator[str]:
    """Serve the data set and yield the address of the proxy."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kaggle.answer(self)

        def do_POST(self) -> None:
            kaggle.answer(self)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
