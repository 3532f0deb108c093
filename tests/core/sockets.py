"""A server made of sockets, so that tests decide each byte and each silence."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType

Script = Callable[["Peer"], None]

OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"
KEPT = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class Peer:
    """One accepted connection."""

    def __init__(self, conn: socket.socket, stopping: threading.Event) -> None:
        self.conn = conn
        self.stopping = stopping
        self.request = b""
        self.closed = threading.Event()

    def read(self) -> bytes:
        """A whole request: head, and as much body as it announces."""
        data = bytearray()
        while b"\r\n\r\n" not in data:
            got = self.conn.recv(65_536)
            if not got:
                return b""
            data += got
        head = bytes(data[: data.index(b"\r\n\r\n")])
        whole = len(head) + 4 + _length(head)
        while len(data) < whole:
            data += self.conn.recv(1_000_000)
        self.request = bytes(data)
        return self.request

    def answer(self, data: bytes = OK) -> None:
        self.read()
        self.conn.sendall(data)

    def drip(self, data: bytes, every_s: float) -> None:
        """One byte after another, until done or until the test is over."""
        for index in range(len(data)):
            if self.wait(every_s):
                return
            self.conn.sendall(data[index : index + 1])

    def wait(self, seconds: float) -> bool:
        """Silence; True when the test is over."""
        return self.stopping.wait(seconds)

    def reset(self) -> None:
        """Cut the connection the hard way."""
        now = struct.pack("ii", 1, 0)
        self.conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, now)
        self.conn.close()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


class SocketServer:
    """Runs `script` for each connection, in threads; `peers` remembers them."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.peers: list[Peer] = []
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.host = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.host}"

    def __enter__(self) -> SocketServer:
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        # Closing alone wouldn't wake the thread that waits in accept().
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for peer in self.peers:
            with suppress(OSError):
                peer.conn.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    def _start(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                conn, _ = self._listener.accept()
            except OSError:
                return
            peer = Peer(conn, self._stopping)
            self.peers.append(peer)
            self._start(lambda peer=peer: self._serve(peer))  # type: ignore[misc]

    def _serve(self, peer: Peer) -> None:
        try:
            self.script(peer)
        except OSError:
            pass  # the client went away, which is what some tests are about
        finally:
            peer.conn.close()
            peer.closed.set()

    @property
    def requests(self) -> list[bytes]:
        return [peer.request for peer in self.peers if peer.request]
