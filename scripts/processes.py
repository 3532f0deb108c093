"""Server processes that live and end with the program that started them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from scripts import guardian
from scripts.console import ROOT, short, tail

# Stopped last: what the others need while they finish.
FOUNDATION = 1


class ChildDiedError(Exception):
    """A server ended by itself."""

    def __init__(self, child: Child) -> None:
        self.child = child
        super().__init__(
            f"{child.name} ended by itself ({child.how_it_ended()}). "
            f"The end of {short(child.log)}:\n{tail(child.log)}"
        )


@dataclass
class Child:
    name: str
    process: subprocess.Popen[bytes]
    log: Path
    group: guardian.Group
    how: Start

    def how_it_ended(self) -> str:
        code = self.process.poll()
        if code is not None and code < 0:
            return f"killed by {signal.Signals(-code).name}"
        return f"exit code {code}"


@dataclass
class Start:
    """How to start one server. `user` is tried only by root."""

    name: str
    command: Sequence[str | Path]
    log: Path
    env: Mapping[str, str]
    rank: int = 0
    stop_signal: int = signal.SIGTERM
    user: str | None = None
    cwd: Path = ROOT


class ProcessFamily:
    """Children in process groups of their own, all gone when the block is left.

    A guardian process stops them if this program is killed. Not for use in threads.
    """

    def __init__(self, *, inherit: Sequence[int] = ()) -> None:
        self.children: list[Child] = []
        self.grace = guardian.GRACE_SECONDS
        self._inherit = inherit

    def __enter__(self) -> Self:
        # Without site it starts in 20 ms. It holds the inherited descriptors (a lock)
        # until the last child is gone.
        self._guardian = subprocess.Popen(
            [sys.executable, "-S", "-m", "scripts.guardian"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            pass_fds=self._inherit,
            start_new_session=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        self._tell_guardian("done")
        assert self._guardian.stdin
        self._guardian.stdin.close()
        self._guardian.wait()

    def start(self, how: Start) -> Child:
        process = _spawn(how)
        group = guardian.Group(process.pid, how.stop_signal, how.rank)
        self._tell_guardian(f"{group.pgid} {int(group.stop_signal)} {group.rank}")
        child = Child(how.name, process, how.log, group, how)
        self.children.append(child)
        return child

    def restart(self, child: Child, blow: int) -> Child:
        """End it by this signal, wait, and start it again as it was."""
        os.killpg(child.group.pgid, blow)
        child.process.wait()
        self.forget(child)
        return self.start(child.how)

    def check(self, *, but: Child | None = None) -> None:
        """Raise ChildDiedError for the first child that has ended."""
        for child in self.children:
            if child is not but and child.process.poll() is not None:
                raise ChildDiedError(child)

    def forget(self, child: Child) -> None:
        """A child that was to end and did."""
        self.children.remove(child)

    def stop(self) -> list[str]:
        """Stop all; answers the names of those that had to be killed."""
        forced = guardian.stop_groups(
            [child.group for child in self.children],
            grace=lambda: self.grace,
            reap=self._reap,
        )
        names = [child.name for child in self.children if child.group in forced]
        self.children.clear()
        return names

    def _reap(self) -> None:
        for child in self.children:
            child.process.poll()

    def _tell_guardian(self, line: str) -> None:
        assert self._guardian.stdin
        self._guardian.stdin.write(f"{line}\n".encode())
        self._guardian.stdin.flush()


def _spawn(how: Start) -> subprocess.Popen[bytes]:
    how.log.parent.mkdir(parents=True, exist_ok=True)
    with how.log.open("wb") as log:
        return subprocess.Popen(
            [str(word) for word in how.command],
            cwd=how.cwd,
            env=dict(how.env),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=how.user,
            group=how.user,
            extra_groups=None if how.user is None else [],
        )
