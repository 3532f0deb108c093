"""Adapters against the real sandbox: real HTTP, media fetched from a real web server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import http
from tests.sandbox.conftest import MediaServer, web
from tests.support.sandbox import Sandbox

__all__ = ["MediaServer", "web"]


@pytest.fixture
def gateway(sandbox: Sandbox) -> Iterator[Sandbox]:
    """The sandbox, with every foreign request of this process led to it."""
    http.configure(gateway=sandbox.url)
    yield sandbox
    http.configure()


@pytest.fixture(scope="session")
def files(web: MediaServer) -> Path:
    """The folder of what the web server serves: photo.jpg, square.jpg, clip.mp4."""
    return web.folder
