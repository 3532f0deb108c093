"""R-E1: what people type, see and drag, in every zone, around every change of clocks."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from core import clock
from scheduling import events, periods, times
from scheduling.actions.reschedule import reschedule_post
from scheduling.queries import Chip
from scheduling.states import TargetState
from scheduling.summary import summarise
from tests.support import zones
from tests.support.zones import ZONES, instants, instants_of, moments, walls

# A busy machine is no fault of the code.
UNHURRIED = settings(deadline=None)
MINUTE = timedelta(minutes=1)


@UNHURRIED
@given(walls())
def test_what_is_typed_comes_back_unless_clocks_skip_it(typed):
    """A time that exists stays as it is; one that doesn't moves on, by the gap."""
    zone, wall = typed
    instant, ambiguity = clock.to_instant(wall, zone)
    back, real = clock.to_wall(instant, zone), instants_of(wall, zone)
    assert ambiguity == {0: "gap", 1: "exact"}.get(len(real), "overlap")
    if real:
        assert (instant, back) == (real[0], wall)
        return
    gap = zones.offset(instant, zone) - zones.offset(instant - (back - wall), zone)
    assert timedelta() < back - wall == gap


@UNHURRIED
@given(moments())
def test_an_instant_comes_back_unless_its_time_came_before(moment):
    """Only the second half of an overlap can't be typed: it means the first."""
    zone, instant = moment
    wall = clock.to_wall(instant, zone)
    again, ambiguity = clock.to_instant(wall, zone)
    assert again == instants_of(wall, zone)[0] <= instant
    assert again == instant or ambiguity == "overlap"


@UNHURRIED
@given(walls())
def test_people_are_told_of_a_clock_change_and_only_then(typed):
    zone, wall = typed
    slot = times.parse(f"{wall:%Y-%m-%dT%H:%M}", zone)
    assert (slot.note == "") == (len(instants_of(wall, zone)) == 1)
    assert slot.wall == times.to_wall(slot.instant, zone)
    # What is shown can be typed again, and means the same.
    again = times.parse(slot.wall, zone)
    assert (again.instant, again.wall) == (slot.instant, slot.wall)


@UNHURRIED
@given(walls(), st.integers(-40, 40))
def test_moving_to_another_day_keeps_the_clock_time(typed, days):
    zone, wall = typed
    moved = wall + timedelta(days=days)
    assume(instants_of(moved, zone))
    slot = times.parse(f"{moved:%Y-%m-%dT%H:%M}", zone)
    assert slot.wall == f"{moved:%Y-%m-%dT%H:%M}"


@UNHURRIED
@given(moments(), st.sampled_from([periods.week, periods.month]))
def test_a_period_has_no_hole_and_no_double_day(moment, span):
    """Every instant of it lies on one of its days, the one its clocks show."""
    zone, instant = moment
    today = clock.to_wall(instant, zone).date()
    period = span(today, zone)
    starts = [periods.Period(d, d, zone).start_at for d in [*period.days, period.end]]
    assert starts == sorted(starts)
    assert (starts[0], starts[-1]) == (period.start_at, period.end_at)
    assert len(set(period.days)) == len(period.days) in {7, 28, 35, 42}
    holding = [
        d
        for d, a, b in zip(period.days, starts, starts[1:], strict=False)
        if a <= instant < b
    ]
    assert holding == [today]


@UNHURRIED
@given(moments())
def test_weeks_and_months_follow_each_other(moment):
    zone, instant = moment
    day = clock.to_wall(instant, zone).date()
    week, after = periods.week(day, zone), periods.week(day + periods.WEEK, zone)
    assert week.end_at == after.start_at
    first, following = day.replace(day=1), periods.step_month(day, 1)
    assert following - timedelta(days=1) == periods.last_of_month(first)
    shown = set(periods.month(day, zone).days)
    assert {first, periods.last_of_month(first), day} <= shown
    assert periods.step_month(following, -1) == first


@UNHURRIED
@given(moments())
def test_a_day_begins_with_its_first_instant(moment):
    """Where clocks change at midnight, too: nothing of the day lies before it."""
    zone, instant = moment
    day = clock.to_wall(instant, zone).date()
    start = periods.Period(day, day, zone).start_at
    assert clock.to_wall(start, zone).date() == day
    assert clock.to_wall(start - MINUTE, zone).date() < day


@UNHURRIED
@given(moments())
def test_the_calendar_shows_a_post_on_its_local_day(moment):
    zone, instant = moment
    chip = Chip(
        id=uuid4(),
        at=instant,
        text="",
        profiles=(),
        cover=None,
        summary=summarise([TargetState.SCHEDULED]),
        movable=True,
    )
    [shown] = events.as_json([chip], zone)["posts"]
    local = instant + zones.offset(instant, zone)
    assert datetime.fromisoformat(shown["at"]) == local.replace(tzinfo=None)


@settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(zone=st.sampled_from(ZONES), data=st.data())
@example(zone="Africa/Cairo", data=None)
@pytest.mark.django_db
def test_a_post_dragged_over_a_change_goes_out_at_that_clock_time(
    cast, make_post, zone, data
):
    """The row itself: due when the zone's clocks show what was chosen, first time."""
    change = zones.changes(zone)[0] if data is None else data.draw(instants(zone))
    wall = clock.to_wall(change + 3 * MINUTE, zone)
    cast.group.timezone = zone
    cast.group.save(update_fields=["timezone"])
    with time_machine.travel(change - timedelta(days=30), tick=False):
        post, _ = reschedule_post(
            actor=cast.alice, post=make_post(), wall=f"{wall:%Y-%m-%dT%H:%M}"
        )
    [target] = post.targets.all()
    assert post.wall_at == f"{wall:%Y-%m-%dT%H:%M}"
    assert target.due_at == instants_of(wall, zone)[0]
