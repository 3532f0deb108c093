"""Ends process groups: for the supervisor, and in its stead when it is killed.

Run as a program it reads one line a group from its standard input,
`GROUP SIGNAL RANK`, until `done` (nothing left to do) or the end of the file, which
comes when the supervisor died without a word: SIGKILL cannot be caught, but the
kernel closes its pipe. Then the guardian stops every group it knows.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

GRACE_SECONDS = 8.0
KILL_SECONDS = 2.0


@dataclass(frozen=True)
class Group:
    """A process group, named by its leader; low ranks are stopped first."""

    pgid: int
    stop_signal: int
    rank: int = 0

    def exists(self) -> bool:
        try:
            os.killpg(self.pgid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True

    def ask_to_stop(self) -> None:
        """Signal the leader, which ends its own; the whole group if it is gone."""
        try:
            os.kill(self.pgid, self.stop_signal)
        except ProcessLookupError:
            self.send(self.stop_signal)

    def send(self, number: int) -> None:
        try:
            os.killpg(self.pgid, number)
        except ProcessLookupError:
            return


def stop_groups(
    groups: Iterable[Group],
    *,
    grace: Callable[[], float] = lambda: GRACE_SECONDS,
    reap: Callable[[], None] = lambda: None,
) -> list[Group]:
    """Stop rank by rank, gently and then by force. Answers the forced ones."""
    forced: list[Group] = []
    everyone = list(groups)
    for rank in sorted({group.rank for group in everyone}):
        forced += _stop_together([g for g in everyone if g.rank == rank], grace, reap)
    return forced


def _stop_together(
    groups: list[Group], grace: Callable[[], float], reap: Callable[[], None]
) -> list[Group]:
    for group in groups:
        group.ask_to_stop()
    stubborn = _wait_for_end(groups, grace, reap)
    for group in stubborn:
        group.send(signal.SIGKILL)
    _wait_for_end(stubborn, lambda: KILL_SECONDS, reap)
    return stubborn


def _wait_for_end(
    groups: list[Group], seconds: Callable[[], float], reap: Callable[[], None]
) -> list[Group]:
    """The groups that still exist; asks for the limit anew, as it may shrink."""
    started = time.monotonic()
    while True:
        reap()
        left = [group for group in groups if group.exists()]
        if not left or time.monotonic() - started >= seconds():
            return left
        time.sleep(0.02)


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: list[Group] = []
    for line in sys.stdin:
        if line.strip() == "done":
            return
        pgid, stop_signal, rank = map(int, line.split())
        groups.append(Group(pgid, stop_signal, rank))
    stop_groups(groups)


if __name__ == "__main__":
    main()
