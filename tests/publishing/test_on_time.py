"""A post is taken at its time, not at the next round second (R-F1)."""

from __future__ import annotations

import time

import pytest

from publishing import tasks
from publishing.actions.claim import next_due_in
from scheduling.states import TargetState
from tests.support.connected import due_post, profiles_on

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("redis_cache"),
]


@pytest.fixture
def post_in(cast, sandbox):
    [profile] = profiles_on("telegram", cast, sandbox, 1)
    return lambda seconds: due_post(cast, profile, "On time", in_s=seconds)


def test_what_falls_due_between_two_ticks_is_taken_then(post_in):
    target = post_in(0.4)
    began = time.monotonic()
    tasks.tick()
    target.refresh_from_db()
    assert target.state == TargetState.CLAIMED
    assert 0.3 < time.monotonic() - began < tasks.TICK_S + 1


def test_what_falls_due_later_is_left_to_a_later_tick(post_in):
    target = post_in(5)
    began = time.monotonic()
    tasks.tick()
    target.refresh_from_db()
    assert target.state == TargetState.SCHEDULED
    assert time.monotonic() - began < tasks.TICK_S


@pytest.mark.parametrize(("seconds", "found"), [(-1, False), (0.5, True), (3, False)])
def test_only_the_near_future_is_waited_for(post_in, seconds, found):
    """What is due already waits for room, which the steps of a crowd look for."""
    post_in(seconds)
    left = next_due_in(0.9)
    assert (left is not None and 0 < left <= 0.9) == found
