"""What time it is for the database, which all processes share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import Error as DatabaseTrouble
from django.db import connection

from core import timekeeper
from core.timekeeper import Reading, steady

# A slow answer tells little; the quickest of so many counts.
READINGS = 3
QUICK_S = 0.05


def read() -> Reading | None:
    """Right to half of the answer's way; None for SQLite, which has no clock."""
    if connection.vendor != "postgresql":
        return None
    best, way = _read_once()
    for _ in range(READINGS - 1):
        if way <= QUICK_S:
            break
        other, other_way = _read_once()
        if other_way < way:
            best, way = other, other_way
    return best


def follow() -> None:
    """From now on this process goes by the database's clock, where it has one."""
    reading = read()
    if reading is not None:
        timekeeper.follow(reading)


@contextmanager
def followed() -> Iterator[None]:
    """For a command that judges what others wrote; without a database by its own."""
    try:
        follow()
    except DatabaseTrouble:
        connection.close()
    try:
        yield
    finally:
        timekeeper.unfollow()


def _read_once() -> tuple[Reading, float]:
    started = steady()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        at: datetime = cursor.fetchone()[0]
    way = steady() - started
    return Reading(at, started + way / 2), way
