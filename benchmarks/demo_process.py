"""A demo started by its command, as a person would, and watched from outside."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import requests

from benchmarks import process_tree

START_SECONDS = 300
STOP_SECONDS = 20
FIELDS = {
    "address": "Open",
    "email": "Sign in",
    "password": "Password",
    "sandbox": "Sandbox",
}


class DemoProcess:
    """Runs until the block is left; its group gets Ctrl-C, as from a terminal."""

    def __init__(self, command: Sequence[str], *, cwd: Path, env: Mapping[str, str]):
        self.command, self.cwd, self.env = command, cwd, env
        self.output: list[str] = []

    def __enter__(self) -> Self:
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            cwd=self.cwd,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _read(self) -> None:
        assert self.process.stdout
        self.output.extend(self.process.stdout)

    @property
    def text(self) -> str:
        return "".join(self.output)

    def stop(self) -> int:
        """Ctrl-C, and its exit code; by force if it does not go."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
        return self.wait()

    def wait(self) -> int:
        """Its exit code, once it has ended and all it said is in `text`."""
        try:
            code = self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            raise
        self._reader.join(STOP_SECONDS)
        assert self.process.stdout
        self.process.stdout.close()
        return code

    def wait_for_welcome(self) -> None:
        """Until it has said its address; RuntimeError with its words if it ends."""
        deadline = time.monotonic() + START_SECONDS
        while "Ctrl-C stops everything" not in self.text:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the demo did not start:\n{self.text}")
            time.sleep(0.02)

    def said(self, field: str) -> str:
        found = re.search(rf"^ +{FIELDS[field]} +(\S+)", self.text, re.MULTILINE)
        assert found, self.text
        return found[1]

    def seconds_to_first_page(self) -> float:
        """From the command to a page in full, in seconds."""
        self.wait_for_welcome()
        Browser(self.said("address")).get("/")
        return time.monotonic() - self.started

    def pids(self) -> set[int]:
        return process_tree.descendants(self.process.pid)


class Browser:
    """As much of one as it takes to sign in and look at a page."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.session = requests.Session()
        self.session.trust_env = False  # no proxy between us and this machine

    def get(self, path: str) -> str:
        answer = self.session.get(self.address + path, timeout=30)
        answer.raise_for_status()
        return answer.text

    def sign_in(self, email: str, password: str) -> str:
        """The page after signing in; ValueError when it is the form again."""
        address = f"{self.address}/user/login/"
        form = self.get("/user/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
        assert token, form
        sent = {"csrfmiddlewaretoken": token[1], "login": email, "password": password}
        answer = self.session.post(address, sent, timeout=30)
        answer.raise_for_status()
        if answer.url == address:
            raise ValueError("the sign-in was refused")
        return answer.text
