"""Every IANA zone's changes of clocks, and instants and wall times around them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import strategies as st

ZONES = sorted(available_timezones())
FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2037, 12, 31, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def offset(instant: datetime, zone: str) -> timedelta:
    found = instant.astimezone(ZoneInfo(zone)).utcoffset()
    assert found is not None
    return found


@cache
def changes(zone: str) -> tuple[datetime, ...]:
    """The first instants with a new offset, to the minute."""
    return tuple(_changes(zone))


def _changes(zone: str) -> Iterator[datetime]:
    day = FIRST
    while day < LAST:
        if offset(day, zone) != offset(day + DAY, zone):
            yield _exactly(zone, day, day + DAY)
        day += DAY


def _exactly(zone: str, before: datetime, after: datetime) -> datetime:
    old = offset(before, zone)
    while after - before > MINUTE:
        middle = before + (after - before) // 2
        middle = middle.replace(second=0, microsecond=0)
        if offset(middle, zone) == old:
            before = middle
        else:
            after = middle
    return after


def instants_of(wall: datetime, zone: str) -> list[datetime]:
    """Every instant at which the zone's clocks show this, by trying each offset near.

    No use is made of `fold`, which is what the product goes by.
    """
    near = wall.replace(tzinfo=UTC)
    offsets = {
        offset(near + hours * timedelta(hours=1), zone) for hours in range(-30, 31)
    }
    tried = (near - each for each in offsets)
    return sorted(i for i in tried if (i + offset(i, zone)) == near)


@st.composite
def instants(draw: st.DrawFn, zone: str) -> datetime:
    """To the minute, within hours of a change where the zone has any."""
    known = changes(zone)
    near = draw(st.integers(0, 3))
    if known and near:
        minutes = draw(st.integers(-200, 200))
        return draw(st.sampled_from(known)) + timedelta(minutes=minutes)
    span = int((LAST - FIRST) / MINUTE)
    return FIRST + timedelta(minutes=draw(st.integers(0, span)))


@st.composite
def moments(draw: st.DrawFn) -> tuple[str, datetime]:
    """A zone and an instant."""
    zone = draw(st.sampled_from(ZONES))
    return zone, draw(instants(zone))


@st.composite
def walls(draw: st.DrawFn) -> tuple[str, datetime]:
    """A zone and what somebody may type there, gaps and overlaps included."""
    zone, instant = draw(moments())
    shown = (instant + offset(instant, zone)).replace(tzinfo=None)
    return zone, shown + timedelta(minutes=draw(st.integers(-90, 90)))
