"""Run a command with a private PostgreSQL and Redis: `-m scripts.services COMMAND`.

DATABASE_URL and REDIS_URL of the caller are used as they are. Both servers are gone
when the command ends, however it ends.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from scripts import debian, postgres_server, redis_server
from scripts.console import exit_on_signals, fail, step
from scripts.processes import ProcessFamily


def needed() -> list[debian.Tool]:
    """What starting the servers takes that the caller has not given."""
    needs = {"DATABASE_URL": debian.POSTGRESQL, "REDIS_URL": debian.REDIS}
    return [tool for name, tool in needs.items() if not os.environ.get(name)]


@contextmanager
def running(*, durable: bool = False) -> Iterator[dict[str, str]]:
    """Give the environment with both addresses. `durable` writes as production does."""
    environment = dict(os.environ)
    with (
        tempfile.TemporaryDirectory(prefix="later-services-") as name,
        ProcessFamily() as family,
    ):
        folder = Path(name)
        folder.chmod(0o755)  # user postgres must pass through
        if not environment.get("DATABASE_URL"):
            with step("Starting PostgreSQL"):
                environment["DATABASE_URL"] = postgres_server.start(
                    family,
                    folder / "postgres",
                    log=folder / "postgres.log",
                    durable=durable,
                )
        if not environment.get("REDIS_URL"):
            with step("Starting Redis"):
                environment["REDIS_URL"] = _start_redis(family, folder, durable=durable)
        yield environment


def _start_redis(family: ProcessFamily, folder: Path, *, durable: bool) -> str:
    program = redis_server.find_program()
    assert program, "debian.ensure() comes first"
    return redis_server.start(
        family, program, folder / "redis", log=folder / "redis.log", durable=durable
    )


def run(command: Sequence[str], environment: dict[str, str]) -> int:
    """Run it in the foreground; signals to us reach it, and we outlive it."""
    with subprocess.Popen(command, env=environment) as process:
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: process.terminate())
        # Ctrl-C goes to the whole foreground group: the command has it already.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        code = process.wait()
    return code if code >= 0 else 128 - code  # as shells tell a death by signal


def main() -> None:
    command = sys.argv[1:]
    if not command:
        fail("Say what to run: python3 -m scripts.services COMMAND [WORD …]")
    exit_on_signals()
    debian.ensure(needed())
    with running() as environment:
        code = run(command, environment)
    sys.exit(code)


if __name__ == "__main__":
    main()
