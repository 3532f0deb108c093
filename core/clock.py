"""Instants and wall times. All stored instants are UTC; people type wall time in a zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone

from core import timekeeper

Ambiguity = Literal["exact", "gap", "overlap"]


def now() -> datetime:
    return timekeeper.now() or timezone.now()


def is_zone(name: str) -> bool:
    return name in zones()


@cache
def zones() -> frozenset[str]:
    """Read once: it takes a walk through hundreds of files."""
    return frozenset(available_timezones())


def to_instant(wall: datetime, zone: str) -> tuple[datetime, Ambiguity]:
    """The UTC instant of a naive wall time, and whether clocks change there.

    In a gap the time moves on by the size of the gap (02:30 becomes 03:30), in an
    overlap the first of the two is meant: the choices of RFC 5545, section 3.3.5.
    """
    tz = ZoneInfo(zone)
    first = wall.replace(tzinfo=tz, fold=0)
    second = wall.replace(tzinfo=tz, fold=1)
    instant = first.astimezone(UTC)
    if first.utcoffset() == second.utcoffset():
        return instant, "exact"
    back = instant.astimezone(tz).replace(tzinfo=None)
    return instant, "overlap" if back == wall else "gap"


def to_wall(instant: datetime, zone: str) -> datetime:
    """The naive wall time of an instant in a zone."""
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def from_epoch(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)


def seconds_from_now(seconds: float) -> datetime:
    return now() + timedelta(seconds=seconds)
