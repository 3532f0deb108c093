"""Wall times and instants across the changes of clocks (R-E1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from core import clock

BERLIN, NEW_YORK, KOLKATA = "Europe/Berlin", "America/New_York", "Asia/Kolkata"


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "zone", "instant"),
    [
        ("2026-07-01T09:00", BERLIN, "2026-07-01T07:00"),
        ("2026-12-01T09:00", BERLIN, "2026-12-01T08:00"),
        ("2026-07-01T09:00", NEW_YORK, "2026-07-01T13:00"),
        ("2026-07-01T09:00", KOLKATA, "2026-07-01T03:30"),
        ("2026-07-01T09:00", "UTC", "2026-07-01T09:00"),
    ],
)
def test_wall_times_become_instants(typed, zone, instant):
    assert clock.to_instant(wall(typed), zone) == (utc(instant), "exact")


@pytest.mark.parametrize(
    ("typed", "zone", "instant"),
    [
        ("2026-03-29T02:30", BERLIN, "2026-03-29T01:30"),
        ("2026-03-08T02:00", NEW_YORK, "2026-03-08T07:00"),
        # Lord Howe's clocks move by half an hour.
        ("2026-10-04T02:10", "Australia/Lord_Howe", "2026-10-03T15:40"),
    ],
)
def test_a_time_that_is_skipped_moves_on_by_the_gap(typed, zone, instant):
    """RFC 5545: 02:30 becomes 03:30."""
    assert clock.to_instant(wall(typed), zone) == (utc(instant), "gap")


@pytest.mark.parametrize(
    ("typed", "zone", "instant"),
    [
        ("2026-10-25T02:30", BERLIN, "2026-10-25T00:30"),
        ("2026-11-01T01:30", NEW_YORK, "2026-11-01T05:30"),
    ],
)
def test_a_time_that_comes_twice_is_the_first(typed, zone, instant):
    assert clock.to_instant(wall(typed), zone) == (utc(instant), "overlap")


@pytest.mark.parametrize(
    "typed", ["2026-03-29T01:59:59", "2026-03-29T03:00", "2026-10-25T03:00"]
)
def test_times_beside_a_change_are_exact(typed):
    assert clock.to_instant(wall(typed), BERLIN)[1] == "exact"


moments = st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31))  # noqa: DTZ001


@given(moments, st.sampled_from([BERLIN, NEW_YORK, KOLKATA, "Australia/Lord_Howe"]))
def test_every_existing_wall_time_comes_back(typed, zone):
    instant, kind = clock.to_instant(typed, zone)
    back = clock.to_wall(instant, zone)
    if kind == "gap":
        assert timedelta() < back - typed <= timedelta(hours=1)
    else:
        assert back == typed


@given(moments.map(lambda m: m.replace(tzinfo=UTC)))
def test_every_instant_has_its_wall_time(instant):
    there = clock.to_wall(instant, KOLKATA)
    assert there.tzinfo is None
    assert clock.to_instant(there, KOLKATA) == (instant, "exact")


def test_zones_are_known_by_name():
    assert clock.is_zone(BERLIN)
    assert not clock.is_zone("Berlin")
    assert not clock.is_zone("../../etc/passwd")


@time_machine.travel("2026-11-21T12:00:00Z", tick=False)
def test_now_is_aware_and_movable():
    assert clock.now() == utc("2026-11-21T12:00")
    assert clock.seconds_from_now(90) == utc("2026-11-21T12:01:30")


def test_epochs_are_utc():
    assert clock.from_epoch(1_795_262_400) == utc("2026-11-21T12:00")
