"""The whole product on one machine with a lived-in workspace: `make demo`.

Starts web, worker with beat, sandbox and Redis, and stops them all together. The data
stays in var/demo (DEMO_DIR). DATABASE_URL and REDIS_URL are used when they are set.
"""

from __future__ import annotations

import ctypes
import fcntl
import http.client
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TextIO

from scripts import demo_config, ports, redis_server, setup
from scripts.console import (
    ROOT,
    VENV_PYTHON,
    error,
    exit_on_signals,
    fail,
    say,
    short,
    step,
)
from scripts.demo_config import Folder
from scripts.demo_database import Database, SignIn
from scripts.processes import ChildDiedError, ProcessFamily, Start

READY_SECONDS = 60
PR_SET_PDEATHSIG = 1


class StopRequestedError(Exception):
    """Ctrl-C, SIGTERM or a closed terminal."""


@dataclass
class Demo:
    """One run of the demo."""

    family: ProcessFamily
    where: Folder
    stop_signals: int = 0

    def on_signal(self, *_: object) -> None:
        self.stop_signals += 1
        if self.stop_signals > 1:  # asked twice: no more patience
            self.family.grace = 0

    def watch(self) -> None:
        """Called while waiting for anything: ends the run when it must end."""
        if self.stop_signals:
            raise StopRequestedError
        self.family.check()

    def start(self, name: str, words: list[str], env: Mapping[str, str]) -> None:
        log = self.where.log / f"{name}.log"
        command = [str(VENV_PYTHON), *words]
        self.family.start(Start(name=name, command=command, log=log, env=env))


@dataclass(frozen=True)
class Places:
    """Where the parts of a running demo are."""

    web: int
    sandbox: int

    @property
    def web_url(self) -> str:
        return f"http://{ports.LOOPBACK}:{self.web}"

    @property
    def sandbox_url(self) -> str:
        return f"http://{ports.LOOPBACK}:{self.sandbox}"


def start_everything(demo: Demo) -> tuple[Places, SignIn]:
    places = Places(
        web=demo_config.web_port(),
        sandbox=ports.first_free(demo_config.SANDBOX_PORT),
    )
    env = demo_config.environment(
        demo.where,
        web=places.web,
        sandbox=places.sandbox,
        redis_url=os.environ.get("REDIS_URL") or start_redis(demo),
    )
    start_sandbox(demo, places, env)
    database = Database(demo.family, demo.where, env, demo.watch)
    sign_in = database.known()
    if sign_in is None:
        database.migrate()
    demo.start("web", gunicorn(places), env)
    if sign_in is not None:
        demo.start("worker", celery(demo.where), env)
    with step("Starting Later"):
        wait_for(demo, "the web server", lambda: is_ready(places.web))
    if sign_in is None:
        # Instagram's double fetches photos from the web server; the worker would take
        # the posts from the seed's hands.
        sign_in = database.seed()
        demo.start("worker", celery(demo.where), env)
    return places, sign_in


def start_redis(demo: Demo) -> str:
    program = redis_server.find_program()
    if program is None:
        fail(
            "There is no Redis for this kind of machine in the Python packages. "
            "Install redis-server, or set REDIS_URL."
        )
    # Each program keeps its own folder: they can't read each other's newer files.
    kept = demo.where.path / "redis" / program.parent.name / program.name
    log = demo.where.log / "redis.log"
    return redis_server.start(demo.family, program, kept, log=log, durable=True)


def start_sandbox(demo: Demo, places: Places, env: Mapping[str, str]) -> None:
    state = str(demo.where.path / "sandbox.json")
    words = ["-m", "sandbox", "--port", str(places.sandbox), "--state", state]
    demo.start("sandbox", words, env)
    wait_for(demo, "the sandbox", lambda: ports.answers(places.sandbox))


def gunicorn(places: Places) -> list[str]:
    return [
        *("-m", "gunicorn", "later.wsgi:application"),
        *("--bind", f"{ports.LOOPBACK}:{places.web}"),
        *("--worker-class", "gthread", "--workers", "1", "--threads", "8"),
        *("--graceful-timeout", "5", "--no-control-socket"),
    ]


def celery(where: Folder) -> list[str]:
    return [
        *("-m", "celery", "-A", "later", "worker", "--beat"),
        *("--schedule", str(where.path / "beat-schedule")),
        *("--pool", "threads", "--concurrency", "20"),
        *("--queues", "publish,default,media"),
        *("--without-gossip", "--without-mingle", "--loglevel", "INFO"),
    ]


def wait_for(demo: Demo, name: str, ready: ports.Question) -> None:
    if not ports.wait_until(ready, seconds=READY_SECONDS, watch=demo.watch):
        fail(f"{name} did not answer in {READY_SECONDS} s; see {short(demo.where.log)}")


def is_ready(port: int) -> bool:
    """Whether the web server answers and reaches database and Redis."""
    connection = http.client.HTTPConnection(ports.LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def welcome(where: Folder, places: Places, sign_in: SignIn, seconds: float) -> str:
    return f"""
  Later is running (ready in {seconds:.1f} s).

    Open      {places.web_url}
    Sign in   {sign_in.email}
    Password  {sign_in.password}

    Mail      {places.web_url}/mail/   (every message it sends)
    Sandbox   {places.sandbox_url}/_/   (the platforms: what they got, faults)
    Logs      {short(where.log)}

  Ctrl-C stops everything; the data stays in {short(where.path)}.
"""


@contextmanager
def alone(where: Folder) -> Iterator[TextIO]:
    """Hold the folder: two demos would write one database and one schedule.

    The guardian inherits the lock, so it is held until the last process is gone.
    """
    where.make()
    with where.lock.open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fail(
                f"A demo already runs in {short(where.path)} (or is just stopping). "
                "Stop it with Ctrl-C, or give this one a folder: DEMO_DIR=var/demo2"
            )
        yield handle


def serve(demo: Demo, started: float) -> None:
    """Start, say where, and watch until told to stop or until a part dies."""
    places, sign_in = start_everything(demo)
    say(welcome(demo.where, places, sign_in, time.monotonic() - started))
    ports.wait_until(lambda: False, seconds=float("inf"), watch=demo.watch, every=0.2)


def stop(demo: Demo) -> None:
    say("\n  Stopping …")
    started = time.monotonic()
    forced = demo.family.stop()
    said = f" ({', '.join(forced)} had to be killed)" if forced else ""
    say(f"  Stopped in {time.monotonic() - started:.1f} s{said}.")


def run(where: Folder, started: float) -> int:
    with alone(where) as lock, ProcessFamily(inherit=[lock.fileno()]) as family:
        demo = Demo(family, where)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, demo.on_signal)
        try:
            serve(demo, started)
        except StopRequestedError:
            return 0
        except ChildDiedError as died:
            error(f"\n  {died}")
            return 1
        finally:
            stop(demo)
    return 0


def end_with_make() -> None:
    """When make is killed, stop too: nobody is left to press Ctrl-C."""
    if "MAKELEVEL" in os.environ and sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def main() -> None:
    started = time.monotonic()
    os.chdir(ROOT)
    end_with_make()
    exit_on_signals()
    setup.ensure("demo")
    sys.exit(run(demo_config.folder(), started))


if __name__ == "__main__":
    main()
