"""A Redis of the test's own that may be killed, emptied and started again."""

from __future__ import annotations

import subprocess
import tempfile
from types import TracebackType

from redis import Redis

from scripts import ports, redis_server
from tests.support.worker import wait_until


class OwnRedis:
    """Keeps its port, and nothing else, over a restart."""

    def __init__(self) -> None:
        self.port = ports.free_port()
        self.url = f"redis://{ports.LOOPBACK}:{self.port}/0"
        self.folder = tempfile.TemporaryDirectory(prefix="own-redis-")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = redis_server.find_program()
        assert program, "a Redis or Valkey on PATH"
        options = {"port": self.port, "bind": ports.LOOPBACK, "dir": self.folder.name}
        words = [str(w) for key, value in options.items() for w in (f"--{key}", value)]
        self.process = subprocess.Popen(
            [program, *words, "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL,
        )
        pongs = redis_server.pongs
        wait_until(lambda: pongs(self.port), seconds=10, what="Redis", each=0.02)

    def kill(self) -> None:
        """As the machine's death would: what it held is gone."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)
            self.process = None

    def empty(self) -> None:
        with Redis.from_url(self.url) as client:
            client.flushall()

    def __enter__(self) -> OwnRedis:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
        self.folder.cleanup()
