"""R-E5: a reminder that nobody answered comes once more, and that is all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db.models import F

from core import clock
from notifications.models import Notice
from publishing.actions.remind_again import remind_again
from scheduling import story
from scheduling.actions.posted import mark_posted
from scheduling.models import Post, Target
from scheduling.states import PublishBy
from tests.publishing.conftest import work_off

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 11, 18, 11, tzinfo=UTC)


@pytest.fixture
def told(target, cast):
    """Alice was reminded at noon; yields the target, with the clock standing there."""
    cast.alice.timezone = "Europe/Berlin"
    cast.alice.save()
    with time_machine.travel(NOON, tick=False):
        begin(target)
        yield target


def begin(target: Target) -> None:
    now = clock.now()
    rows = Target.objects.filter(pk=target.pk)
    by_hand = {"publish_by": PublishBy.REMINDER, "due_at": now, "next_at": now}
    rows.update(state="scheduled", fence=F("fence") + 1, **by_hand)
    work_off()
    target.refresh_from_db()
    assert target.state == "reminder"
    Notice.objects.all().delete()


def later(hours: float) -> int:
    with time_machine.travel(clock.now() + timedelta(hours=hours), tick=False):
        return remind_again()


def test_not_before_four_hours_have_passed(told):
    assert later(3.9) == 0


def test_then_with_all_that_is_needed(told):
    assert later(4) == 1
    notice = Notice.objects.get()
    assert notice.title == f"Still to post to {told.profile.label} on Fakebook"
    assert notice.user == told.post.author
    assert told.own_text in notice.text and "Mark as posted" in notice.text


def test_once_and_never_again(told):
    assert [later(hours) for hours in (4, 4.1, 5, 9, 20)] == [1, 0, 0, 0, 0]
    assert Notice.objects.count() == 1


def test_nobody_is_woken(told):
    """Noon and eleven hours are 23:00 in Berlin; it comes at 8 in the morning."""
    assert [later(hours) for hours in (11, 19.9, 20)] == [0, 0, 1]


def test_after_a_day_it_is_left_at_that(told):
    """A beat that was away for a night doesn't bring up what is past."""
    assert later(24.1) == 0


def test_who_has_posted_it_hears_nothing(told, cast):
    mark_posted(actor=cast.alice, target=told)
    assert later(4) == 0


def test_nor_who_deleted_it(told):
    Post.objects.filter(pk=told.post_id).update(deleted_at=clock.now())
    assert later(4) == 0


def test_a_reminder_that_came_late_gives_its_hours_from_then(target, cast):
    """After an outage: planned at noon, told at 14:00, once more at 18:00."""
    with time_machine.travel(NOON + timedelta(hours=2), tick=False):
        begin(target)
        Target.objects.filter(pk=target.pk).update(due_at=NOON)
        assert [later(hours) for hours in (2.5, 4)] == [0, 1]


def test_planned_anew_it_is_a_reminder_of_its_own(told):
    assert later(4) == 1
    Notice.objects.all().delete()
    with time_machine.travel(NOON + timedelta(hours=5), tick=False):
        begin(told)
        assert later(4) == 1


def test_the_posts_story_tells_it(told):
    later(4)
    moments = story.of_target(told.post, Target.objects.get(pk=told.pk))
    assert "once more" in " ".join(moment.text for moment in moments)


def test_many_that_wait_cost_one_question(told, django_assert_num_queries):
    later(4)
    with django_assert_num_queries(1):
        assert later(5) == 0
