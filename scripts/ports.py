"""Ports on the loopback interface."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

LOOPBACK = "127.0.0.1"


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # The server will set it too: a port in TIME_WAIT counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port nobody uses, chosen by the kernel."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port


def first_free(preferred: int, tries: int = 50) -> int:
    """The preferred port or the next free one; OSError after so many tries."""
    for port in range(preferred, preferred + tries):
        if is_free(port):
            return port
    raise OSError(f"no free port from {preferred} to {preferred + tries - 1}")


def answers(port: int) -> bool:
    try:
        socket.create_connection((LOOPBACK, port), timeout=1).close()
    except OSError:
        return False
    return True


Question = Callable[[], bool]


def wait_until(
    ready: Question,
    *,
    seconds: float,
    watch: Callable[[], None],
    every: float = 0.05,
) -> bool:
    """Ask until ready or out of time; `watch` may raise when waiting is in vain."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if ready():
            return True
        watch()
        time.sleep(every)
    return False
