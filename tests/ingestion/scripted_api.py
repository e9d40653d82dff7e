"""A real HTTP server that returns the answers given by a test, one after the other."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    body: str = "{}"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class ScriptedApi:
    url: str
    paths: list[str] = field(default_factory=list)
    tokens: list[str | None] = field(default_factory=list)


@contextmanager
def scripted(*answers: Answer) -> Iterator[ScriptedApi]:
    """Serve the answers in turn, then the last one again."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = answers[min(len(api.paths), len(answers) - 1)]
            api.paths.append(self.path)
            api.tokens.append(self.headers.get("Authorization"))
            body = answer.body.replace("URL", api.url).encode()
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    api = ScriptedApi(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
