"""Whose clock counts. Plain Python, for core.clock and platforms.clock alike.

Leases and fences compare instants that different machines wrote. A process that takes
part follows one clock (the database's), so that a machine whose own clock is wrong
neither publishes early nor takes work away from others.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True)
class Reading:
    """What another clock showed when our steady one showed `mark`."""

    at: datetime
    mark: float


@dataclass
class _Followed:
    reading: Reading | None = None
    ahead: timedelta = timedelta()


_followed = _Followed()


def now() -> datetime | None:
    """By the followed clock; None when this machine's own is to be asked."""
    reading = _followed.reading
    if reading is None:
        return None
    return reading.at + timedelta(seconds=steady() - reading.mark)


def steady() -> float:
    """Seconds that nobody can set; where Linux is, sleep of the machine counts too."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def follow(reading: Reading) -> None:
    """Go by that clock from now on, and note how far this machine's is ahead of it."""
    there = reading.at + timedelta(seconds=steady() - reading.mark)
    _followed.ahead = datetime.fromtimestamp(time.time(), tz=UTC) - there
    _followed.reading = reading


def ahead() -> timedelta:
    """As it was when last read; 0 when no clock is followed."""
    return _followed.ahead


def unfollow() -> None:
    _followed.reading = None
    _followed.ahead = timedelta()
