"""R-F8 at the time itself, and for every retry: the engine keeps the post's rule."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import clock
from notifications.models import Notice
from platforms import registry
from platforms.errors import OutcomeUnknown, RateLimited
from platforms.types import Absent
from scheduling import story
from scheduling.states import TargetState
from tests.publishing.conftest import due_again, work_off

pytestmark = pytest.mark.django_db


def test_stories_are_short_lived():
    """R-F8: declared as data by the platforms that have them."""
    declared = {
        (adapter.key, kind.key): kind.late_min
        for adapter in registry.every()
        for kind in adapter.kinds
        if kind.key == "story"
    }
    assert declared
    assert all(minutes and minutes <= 60 for minutes in declared.values())


@pytest.fixture
def late(target):
    """The rule, and how late the post is."""

    def make(rule, after, **ago):
        target.post.late_rule, target.post.late_min = rule, after
        target.post.save()
        target.due_at = clock.now() - timedelta(**ago)
        target.save(update_fields=["due_at"])
        return target

    return make


def ended(target):
    work_off()
    target.refresh_from_db()
    return target.state


def test_send_anyway_sends_after_days(late, script):
    """R-F8."""
    assert ended(late("send", None, days=6)) == TargetState.PUBLISHED


def test_even_that_asks_after_a_week(late, script):
    target = late("send", None, days=7, minutes=1)
    assert ended(target) == TargetState.MISSED
    assert "7 days ago" in target.reason
    assert script.calls == []


def test_ask_asks_after_its_own_minutes(late, script, cast):
    assert ended(late("ask", 5, minutes=6)) == TargetState.MISSED
    assert "missed its time" in Notice.objects.get(user=cast.alice).title


def test_drop_drops_and_says_so(late, script, cast):
    """R-F8: cancelled, with a line in the story and a notice; never called."""
    target = late("drop", 5, minutes=6)
    assert ended(target) == TargetState.CANCELLED
    assert script.calls == []
    assert "6 minutes ago" in target.reason
    notice = Notice.objects.get(user=cast.alice)
    assert "was dropped" in notice.title
    told = [moment.title for moment in story.of_target(target.post, target)]
    assert told == ["Stopped by the check", "Dropped, it was too late"]


def test_in_time_by_its_own_rule(late, script, settings):
    """R-F8: longer than the operator's usual, if the person says so."""
    minutes = settings.PUBLISH_LATE_MIN + 60
    assert ended(late("ask", minutes, minutes=minutes - 1)) == TargetState.PUBLISHED


@pytest.mark.parametrize(
    ("rule", "minutes", "state"),
    [
        ("ask", 30, TargetState.FAILED),
        ("drop", 30, TargetState.CANCELLED),
        ("send", None, TargetState.SCHEDULED),
    ],
)
def test_retries_are_bounded_by_the_same_rule(late, script, rule, minutes, state):
    """R-F8: a wait that ends too late isn't begun."""
    target = late(rule, minutes, minutes=1)
    script.send.append(RateLimited("Full.", clock.now() + timedelta(hours=2)))
    assert ended(target) == state
    assert target.reason.startswith("Full.")


def test_post_that_surely_is_not_there_may_be_dropped(late, script):
    """R-F3, R-F8: after a lost answer too, if looking took too long."""
    target = late("drop", 30, minutes=1)
    script.send.append(OutcomeUnknown("No answer."))
    assert ended(target) == TargetState.UNCONFIRMED
    late("drop", 30, minutes=31)
    due_again(target)
    script.find.append(Absent(certain=True))
    assert ended(target) == TargetState.CANCELLED
    assert script.calls.count("send") == 1


def test_rest_of_a_thread_follows_however_late(late, script):
    """R-F8: it is out in part."""
    target = late("drop", 5, days=1)
    target.options = {"follow_ups": ["The rest of it"]}
    target.parts_out = [{"id": "1", "url": "", "data": {}}]
    target.save(update_fields=["options", "parts_out"])
    assert ended(target) == TargetState.PUBLISHED
