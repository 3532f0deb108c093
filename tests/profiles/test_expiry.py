"""Connections that end by themselves: seen in time, and when it is over (R-D1, R-D4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from core import clock
from platforms.errors import Unsupported
from platforms.types import Token
from profiles import tasks
from profiles.actions import expiry
from profiles.actions.tokens import refresh
from profiles.models import Concern, Connection
from profiles.states import STEPS
from profiles.states import ConnectionState as S
from tests.profiles.fakes import ending, in_days


def seen(held: Connection) -> Connection:
    expiry.look_at_ends()
    return Connection.objects.select_related("profile").get(pk=held.pk)


def steps() -> list[int]:
    keys = Concern.objects.filter(kind="ending").order_by("pk")
    return [int(row.key.rsplit(":", 1)[1]) for row in keys]


@pytest.fixture
def kites(way, kite):
    """A connection that just ends, after so many days."""

    def make(days: float) -> Connection:
        kite.token = ending(days)
        held = way.connected("kite")
        Connection.objects.update(state=S.CONNECTED)
        return held

    return make


def test_a_sign_in_that_just_ends_is_marked_two_weeks_ahead(kites):
    """R-D1: Expiring soon, with its day in the zone of the group."""
    held = seen(kites(13))
    assert held.state == S.EXPIRING
    day = clock.to_wall(held.ends_at, "Europe/Berlin")
    assert held.cause == f"The sign-in runs out on {day.day} {day:%B %Y}."
    assert expiry.look_at_ends() == 0


def test_with_more_than_two_weeks_left_nobody_is_worried(kites):
    assert seen(kites(15)).state == S.CONNECTED
    assert steps() == []


def test_people_are_warned_at_each_step_and_once(kites):
    """R-D4: 14, 7, 3 and 1 days ahead."""
    held = kites(20)
    start = clock.now()
    for hours in range(0, 20 * 24, 6):
        with time_machine.travel(start + timedelta(hours=hours), tick=False):
            expiry.look_at_ends()
            expiry.look_at_ends()
    assert steps() == list(STEPS)
    assert seen(held).state == S.EXPIRING


def test_a_beat_that_was_down_for_days_tells_the_nearest_step_only(kites):
    kites(20)
    with time_machine.travel(clock.now() + timedelta(days=17, hours=12), tick=False):
        expiry.look_at_ends()
    assert steps() == [3]


def test_whatever_else_is_wrong_its_end_is_told_too(kites):
    held = kites(13)
    Connection.objects.update(state=S.PERMISSIONS_MISSING, missing=["write"])
    assert seen(held).state == S.PERMISSIONS_MISSING
    assert steps() == [14]


def test_a_token_that_renews_itself_worries_only_when_that_has_long_failed(way, orbit):
    orbit.token = ending(13)
    held = way.connected()
    assert seen(held).state == S.CONNECTED
    with time_machine.travel(clock.now() + timedelta(days=10, hours=13)):
        assert seen(held).state == S.EXPIRING
    assert steps() == [3]


def test_one_that_turned_out_not_to_renew_is_told_in_time(way, orbit):
    orbit.token = ending(13)
    held = way.connected()
    seen(held)
    orbit.trouble = Unsupported("Only a new sign-in renews this.")
    tasks.refresh_one(str(held.pk))
    assert seen(held).state == S.EXPIRING


def test_after_its_last_day_a_new_sign_in_is_needed(kites):
    """R-D1: Refresh needed (expired)."""
    held = kites(1)
    with time_machine.travel(clock.now() + timedelta(days=2)):
        held = seen(held)
        assert expiry.look_at_ends() == 0
    assert held.state == S.REFRESH_NEEDED
    assert held.cause.startswith("The sign-in ran out on ")


def test_one_that_is_dead_already_is_not_looked_at_again(kites):
    held = kites(1)
    Connection.objects.update(state=S.REFRESH_NEEDED, warn_at=in_days(-1))
    assert seen(held).warn_at is None
    assert held.events.filter(cause__startswith="The sign-in ran").count() == 0


def test_an_access_token_that_ran_out_is_no_end_while_it_can_be_refreshed(way, orbit):
    orbit.token = replace(orbit.token, expires_at=in_days(0.1))
    held = way.connected()
    with time_machine.travel(clock.now() + timedelta(days=5)):
        assert seen(held).state == S.CONNECTED


def test_the_end_of_renewing_itself_is_told_two_weeks_ahead(way, orbit):
    """R-D1: a refresh token that has a last day of its own."""
    ends = {"expires_at": in_days(1), "ends_at": in_days(13)}
    orbit.token = Token("canary-access-token", "canary-refresh-token", **ends)
    held = seen(way.connected())
    assert (held.state, steps()) == (S.EXPIRING, [14])
    orbit.new_token = replace(orbit.token, access="canary-second-token")
    refresh(held.pk, 1)
    assert seen(held).state == S.EXPIRING
    assert held.events.count() == 1
    orbit.new_token = replace(orbit.new_token, ends_at=in_days(365))
    refresh(held.pk, 2)
    assert seen(held).state == S.CONNECTED


def test_no_end_is_stored_for_a_token_with_a_refresh_token(way, orbit):
    orbit.token = Token("canary-a", "canary-r", in_days(0.1))
    held = way.connected()
    assert held.expires_at is not None
    assert held.ends_at is None
