"""A place for media on the web, and files made by real encoders."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.support.files import photo, video


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves a folder; /moved/N/NAME redirects N times before it gives NAME."""

    def do_GET(self) -> None:
        if self.path.startswith("/moved/"):
            self._redirect()
        else:
            super().do_GET()

    def _redirect(self) -> None:
        _, _, left, name = self.path.split("/", 3)
        place = f"/moved/{int(left) - 1}/{name}" if int(left) > 1 else f"/{name}"
        self.send_response(302)
        self.send_header("Location", place)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Tests speak for themselves."""


class MediaServer:
    """A web server on a free port for the files of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        handler = partial(QuietHandler, directory=str(folder))
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __call__(self, name: str) -> str:
        return f"{self.url}/{name}"


@pytest.fixture(scope="session")
def web(tmp_path_factory) -> Iterator[MediaServer]:
    """`web("photo.jpg")` is an address; the folder is `web.folder`."""
    server = MediaServer(tmp_path_factory.mktemp("web"))
    thread = threading.Thread(target=server.server.serve_forever)
    thread.start()
    photo(server.folder / "photo.jpg")
    photo(server.folder / "square.jpg", (1080, 1080))
    video(server.folder / "clip.mp4")
    yield server
    server.server.shutdown()
    server.server.server_close()
    thread.join()
