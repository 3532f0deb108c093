"""The clock of a coming post: looks before its time, exactness at it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from platforms import registry
from scheduling.looks import CHECKS, first_look, look_again, next_look

NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
AHEAD = registry.adapter_class("bluesky").prepare_ahead


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def bluesky():
    return registry.adapter_class("bluesky")


def test_a_post_of_next_week_is_looked_at_a_day_before(bluesky):
    due = NOW + timedelta(days=7)
    look = next_look(bluesky, due)
    assert timedelta(hours=24) <= due - look <= timedelta(hours=26)


def test_looks_follow_each_other_to_the_time_itself(bluesky):
    """R-F9: a day, an hour and minutes before, then at its time and not again."""
    due = NOW + timedelta(days=3)
    with time_machine.travel(NOW, tick=False) as traveller:
        looks = []
        while not looks or looks[-1] < due:
            looks.append(next_look(bluesky, due))
            traveller.move_to(looks[-1])
    before = [due - look for look in looks]
    assert len(looks) == 4
    assert before[-1] == timedelta()
    assert timedelta(hours=1) <= before[1] <= timedelta(hours=1, minutes=15)
    assert AHEAD / 3 <= before[2] <= AHEAD


def test_what_is_due_soon_is_prepared_at_once():
    """R-F7: there is no later moment to do it in."""
    assert first_look("bluesky", NOW + timedelta(minutes=5)) == NOW


@pytest.mark.parametrize("seconds", [-60, 0, 1, 15])
def test_what_is_due_now_is_not_held_up_by_a_look(seconds):
    due = NOW + timedelta(seconds=seconds)
    assert first_look("bluesky", due) == due


def test_a_crowd_for_one_hour_is_looked_at_over_a_while(bluesky):
    due = NOW + timedelta(minutes=40)
    seen = {next_look(bluesky, due) for _ in range(200)}
    assert max(seen) - min(seen) > timedelta(minutes=5)


def test_trouble_is_looked_at_again_soon(bluesky):
    due = NOW + timedelta(days=7)
    assert look_again(bluesky, due) == NOW + timedelta(minutes=15)


@given(minutes=st.integers(1, 60 * 24 * 30))
def test_no_look_comes_after_the_time_or_in_the_past(minutes):
    due = NOW + timedelta(minutes=minutes)
    bluesky = registry.adapter_class("bluesky")
    with time_machine.travel(NOW, tick=False):
        for look in (
            first_look("bluesky", due),
            next_look(bluesky, due),
            look_again(bluesky, due),
        ):
            assert NOW <= look <= due


def test_checks_leave_time_to_mend_what_they_find():
    assert min(ahead for ahead, _ in CHECKS) >= timedelta(hours=1)
