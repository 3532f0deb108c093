"""A PostgreSQL and a Redis of the storm's own, which it may knock over."""

from __future__ import annotations

import shutil
import signal
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from scripts import ports, postgres_server, redis_server
from scripts.processes import Child, ProcessFamily

READY_S = 30


@dataclass
class Services:
    family: ProcessFamily
    folder: Path
    postgres: Child
    redis: Child
    database_url: str
    redis_url: str

    def restart_postgres(self) -> None:
        """At once: no session is waited for, as at a crash of the machine's service."""
        self.postgres = self.family.restart(self.postgres, signal.SIGQUIT)

    def restart_redis(self, *, emptied: bool) -> None:
        """Killed; with its file it comes back as it was, without it empty."""
        if emptied:
            shutil.rmtree(self.folder / "redis" / "appendonlydir", ignore_errors=True)
        self.redis = self.family.restart(self.redis, signal.SIGKILL)
        port = urlsplit(self.redis_url).port
        assert port is not None
        ports.wait_until(
            lambda: redis_server.pongs(port), seconds=READY_S, watch=self.family.check
        )


def start(family: ProcessFamily, folder: Path) -> Services:
    """Both write as production does."""
    folder.chmod(0o755)  # user postgres must pass through
    database = postgres_server.start(
        family, folder / "postgres", log=folder / "postgres.log", durable=True
    )
    postgres = family.children[-1]
    program = redis_server.find_program()
    assert program is not None, "no Redis on this machine"
    redis = redis_server.start(
        family, program, folder / "redis", log=folder / "redis.log", durable=True
    )
    return Services(family, folder, postgres, family.children[-1], database, redis)
