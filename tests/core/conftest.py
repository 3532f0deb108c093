"""Servers of sockets, reached directly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from core import http
from tests.core.sockets import OK, Script, SocketServer


@pytest.fixture
def serve() -> Iterator[Callable[[Script], SocketServer]]:
    """Starts a server that requests may reach although its address is private."""
    with ExitStack() as stack:

        def start(script: Script) -> SocketServer:
            server = stack.enter_context(SocketServer(script))
            http.configure(direct=frozenset({server.host}))
            return server

        yield start
    http.configure()


@pytest.fixture
def echo(serve: Callable[[Script], SocketServer]) -> SocketServer:
    """Answers every request with an empty object and closes."""
    return serve(lambda peer: peer.answer(OK))
