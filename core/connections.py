"""Connections that know their phase, end in time, and judge the address they take.

Whatever fails before the connection stands (name, address, TLS) is raised as
`NewConnectionError`, so that "surely not sent" is a matter of type, not of guessing.
"""

from __future__ import annotations

import io
import socket
import time
from http.client import HTTPResponse
from typing import Any, ClassVar

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.util.connection import create_connection

from core.addresses import resolve_public

# A body may take this long to leave, and a second more for each part of this size:
# urllib3 alone would give a large upload no more than the time-out for connecting.
WRITE_S = 30.0
WRITE_BYTES_PER_S = 200_000


class _TimedReader(io.RawIOBase):
    """Ends reading at one instant, however slowly the other side drips its bytes."""

    def __init__(self, raw: Any, sock: socket.socket) -> None:
        self._raw = raw
        self._sock = sock
        allowed = sock.gettimeout()
        self._deadline = None if allowed is None else time.monotonic() + allowed

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> Any:
        if self._deadline is not None:
            left = self._deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("the answer took too long")
            self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedResponse(HTTPResponse):
    """The socket's time-out bounds status, headers and body together."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        raw = self.fp.detach()
        self.fp = io.BufferedReader(_TimedReader(raw, sock))


class _Phased:
    """Mixed into urllib3's connections."""

    response_class: Any = _TimedResponse
    sock: Any

    def connect(self) -> None:
        try:
            super().connect()  # type: ignore[misc]
        except (OSError, ValueError, HTTPError) as error:
            raise NewConnectionError(self, type(error).__name__) from error  # type: ignore[arg-type]

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        size = len(data) if isinstance(data, bytes) else 0
        self.sock.settimeout(WRITE_S + size / WRITE_BYTES_PER_S)
        super().send(data)  # type: ignore[misc]


class _Guarded:
    """Resolve once, judge every address, connect to the judged ones: no rebinding."""

    default_port: ClassVar[int]
    host: str
    port: int
    timeout: float | None
    socket_options: Any

    def _new_conn(self) -> socket.socket:
        port = self.port or self.default_port
        failure: OSError | None = None
        for address in resolve_public(self.host, port):
            try:
                return create_connection(
                    (address, port), self.timeout, socket_options=self.socket_options
                )
            except OSError as error:
                failure = error
        raise failure or OSError("the name has no address")


class PlainHTTP(_Phased, HTTPConnection):
    pass


class PlainHTTPS(_Phased, HTTPSConnection):
    pass


class GuardedHTTP(_Phased, _Guarded, HTTPConnection):
    pass


class GuardedHTTPS(_Phased, _Guarded, HTTPSConnection):
    pass


class PlainHTTPPool(HTTPConnectionPool):
    ConnectionCls = PlainHTTP


class PlainHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = PlainHTTPS


class GuardedHTTPPool(HTTPConnectionPool):
    ConnectionCls = GuardedHTTP


class GuardedHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = GuardedHTTPS


PLAIN = {"http": PlainHTTPPool, "https": PlainHTTPSPool}
GUARDED = {"http": GuardedHTTPPool, "https": GuardedHTTPSPool}
