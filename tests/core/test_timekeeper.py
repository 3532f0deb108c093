"""One clock for all who write instants that others compare."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone

from core import clock, database_clock, timekeeper
from core.timekeeper import Reading
from platforms import clock as adapters_clock

MOMENT = timedelta(seconds=1)
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nobody_followed():
    yield
    timekeeper.unfollow()


def near(one: datetime, other: datetime) -> bool:
    return abs(one - other) < MOMENT


def test_without_a_clock_to_follow_the_machines_own_counts():
    with time_machine.travel(NOON):
        assert near(clock.now(), NOON)
        assert near(adapters_clock.now(), NOON)


def test_the_followed_clock_counts_for_product_and_adapters_alike():
    timekeeper.follow(Reading(NOON, timekeeper.steady()))
    assert near(clock.now(), NOON)
    assert near(adapters_clock.now(), NOON)
    assert near(clock.seconds_from_now(60), NOON + timedelta(minutes=1))


def test_time_goes_on_after_the_reading():
    timekeeper.follow(Reading(NOON, timekeeper.steady() - 90))
    assert near(clock.now(), NOON + timedelta(seconds=90))


def test_setting_the_machines_clock_meanwhile_changes_nothing():
    """R-F3: a step of the clock must not lapse anybody's lease."""
    timekeeper.follow(Reading(timezone.now(), timekeeper.steady()))
    before = clock.now()
    with time_machine.travel(before + timedelta(minutes=5)):
        assert near(clock.now(), before)


def test_how_far_a_machine_is_ahead_is_known():
    behind = timezone.now() - timedelta(minutes=3)
    timekeeper.follow(Reading(behind, timekeeper.steady()))
    assert abs(timekeeper.ahead() - timedelta(minutes=3)) < MOMENT
    timekeeper.unfollow()
    assert timekeeper.ahead() == timedelta()


@pytest.mark.django_db
def test_the_database_tells_its_time():
    reading = database_clock.read()
    assert reading is not None
    assert near(reading.at, timezone.now())
    assert abs(reading.mark - timekeeper.steady()) < 1


@pytest.mark.django_db
def test_a_slow_answer_is_asked_again(monkeypatch):
    """The quickest of three tells the time best."""
    ways = iter([(Reading(NOON, 0.0), 0.9), (Reading(NOON, 1.0), 0.2)])
    quick = (Reading(NOON, 2.0), 0.01)
    monkeypatch.setattr(database_clock, "_read_once", lambda: next(ways, quick))
    assert database_clock.read() == quick[0]


@pytest.mark.django_db
def test_a_command_follows_for_as_long_as_it_takes():
    with time_machine.travel(NOON), database_clock.followed():
        assert not near(clock.now(), NOON)
    with time_machine.travel(NOON):
        assert near(clock.now(), NOON)


def test_without_a_database_a_command_goes_by_its_own_clock(monkeypatch):
    def away():
        raise OperationalError

    monkeypatch.setattr(database_clock, "read", away)
    with time_machine.travel(NOON), database_clock.followed():
        assert near(clock.now(), NOON)
