"""Real Celery processes on the test's own database and Redis."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from django.conf import settings
from django.db import connection

from tests.support.canary import look_at_file

ROOT = Path(__file__).resolve().parents[2]


def environment(**extra: str) -> dict[str, str]:
    """What a child needs to see the rows of this test."""
    database = connection.settings_dict
    place = f"{database['HOST'] or '127.0.0.1'}:{database['PORT'] or 5432}"
    user = database["USER"] or "postgres"
    secret = f":{database['PASSWORD']}" if database["PASSWORD"] else ""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "later.settings",
        "DATABASE_URL": f"postgres://{user}{secret}@{place}/{database['NAME']}",
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "BASE_URL": settings.BASE_URL,
        **extra,
    }


class Worker:
    """One Celery worker with its beat, or the `command` given instead.

    `module` starts Celery in its own way, with the same words.
    """

    def __init__(
        self,
        *,
        threads: int = 8,
        beat: bool = True,
        module: str = "celery",
        command: tuple[str, ...] = (),
        **env: str,
    ) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="worker-")
        self.log = Path(self.folder.name) / "log"
        self.command = [
            *(sys.executable, "-m", module, "-A", "later", "worker"),
            *("-P", "threads", "-c", str(threads), "-Q", "publish,media,default"),
            *("--without-gossip", "--without-mingle", "-l", "INFO"),
            *("-n", f"{Path(self.folder.name).name}@test"),
        ]
        if beat:
            self.command += ["-B", "-s", f"{self.folder.name}/beat"]
        if command:
            self.command = [sys.executable, *command]
        self.env = environment(**env)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Worker:
        # Of a worker that killed itself the embedded beat lives on.
        self.kill()
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.env,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        return self

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """SIGKILL, with beat: as the machine's death would."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        self._signal(signal.SIGTERM)

    def _signal(self, number: int) -> None:
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, number)
            self.process.wait(20)
        except ProcessLookupError:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(20)

    def __enter__(self) -> Worker:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
        look_at_file(self.log)
        if error is not None:
            error.add_note(self.log.read_text(errors="replace")[-4_000:])
        self.folder.cleanup()


def wait_until(
    true: Callable[[], bool], *, seconds: float, what: str, each: float = 0.1
) -> None:
    """Look again and again until it holds; AssertionError in words when it won't."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} s: {what}")
        time.sleep(each)
