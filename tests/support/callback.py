"""The address a platform sends a browser back to: a tiny server that keeps the query."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any
from urllib.parse import parse_qsl, urlsplit

PATH = "/connect/callback"


class Callback:
    """`url` is the redirect address; `arrived()` waits for the browser's visit."""

    def __init__(self, url: str, visits: Queue[dict[str, str]]) -> None:
        self.url = url
        self._visits = visits

    def arrived(self, timeout_s: float = 20.0) -> dict[str, str]:
        return self._visits.get(timeout=timeout_s)


@contextmanager
def callback_server() -> Iterator[Callback]:
    visits: Queue[dict[str, str]] = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == PATH:
                visits.put(dict(parse_qsl(parts.query)))
            self.send_response(200 if parts.path == PATH else 404)
            self.send_header("Content-Type", "text/plain")
            self.end_headers()
            self.wfile.write(b"Back again.")

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Callback(f"http://127.0.0.1:{server.server_port}{PATH}", visits)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
