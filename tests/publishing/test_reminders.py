"""R-E5, R-B7: at its time the engine tells a person instead of sending: once, surely."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from accounts.actions.plans import set_plan
from accounts.models import Membership
from core import clock
from notifications.actions import deliver
from notifications.models import Notice
from platforms.types import PostKind
from profiles.models import Connection
from profiles.states import ConnectionState
from publishing.actions.claim import tick
from publishing.actions.work import publish
from scheduling.models import LateRule, Post, Stop, Target
from scheduling.states import PublishBy
from tests.factories import MediaItemFactory, PostMediaFactory
from tests.publishing import fake
from tests.publishing.conftest import lapse, work_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def reminder(target) -> Target:
    """Due since a second, to be posted by hand."""
    target.publish_by = PublishBy.REMINDER
    target.save(update_fields=["publish_by"])
    return target


@pytest.fixture
def paid_kind(target, monkeypatch):
    """The platform's only kind needs a plan that has stories."""
    kinds = (PostKind("text", "Story", needs_text=True, needs="story"),)
    monkeypatch.setattr(fake.Fake, "kinds", kinds)


def worked(target: Target) -> Target:
    work_off()
    target.refresh_from_db()
    return target


def late(target: Target, minutes: int) -> None:
    at = clock.now() - timedelta(minutes=minutes)
    Target.objects.filter(pk=target.pk).update(due_at=at, next_at=at)


def test_a_person_is_told_and_nothing_is_sent(reminder, script):
    assert (worked(reminder).state, script.calls) == ("reminder", [])
    notice = Notice.objects.get()
    assert notice.code == "target.reminder"
    assert notice.title == f"Time to post to {reminder.profile.label} on Fakebook"
    assert notice.user == reminder.post.author


def test_the_mail_has_all_that_is_needed(reminder, script, cast, settings):
    """Text, files in their order behind our sign-in, what follows, where to mark it."""
    for position in range(2):
        item = MediaItemFactory(group=cast.group)
        PostMediaFactory(post=reminder.post, item=item, position=position)
    reminder.options = {"follow_ups": ["And a comment"]}
    reminder.save()
    worked(reminder)
    assert deliver() == 1
    text = mail.outbox[-1].body
    assert "Hello from the tests" in text
    assert "And a comment" in text
    paths = [
        reverse("media:original", args=[cast.group.pk, row.item_id])
        for row in reminder.post.attachments.all()
    ]
    places = [text.index(settings.BASE_URL + path) for path in paths]
    assert places == sorted(places)
    assert f"/g/{cast.group.pk}/posts/{reminder.post_id}/" in text


def test_once_however_often_the_messages_come(reminder, script):
    claims = tick().to_publish
    for claim in [*claims, *claims]:
        publish(*claim)
    work_off()
    assert Notice.objects.count() == 1


def test_a_worker_that_dies_first_costs_a_lease_no_reminder(reminder, script):
    tick()
    lapse(reminder)
    work_off()
    assert worked(reminder).state == "reminder"
    assert Notice.objects.count() == 1


def test_its_story_says_so(reminder, script):
    worked(reminder)
    assert list(reminder.attempts.values_list("step", "outcome", "code")) == [
        ("check", "reminded", "reminder")
    ]


def test_no_connection_is_needed(reminder, script):
    Connection.objects.update(state=ConnectionState.REFRESH_NEEDED)
    assert worked(reminder).state == "reminder"


def test_somebody_must_answer_for_it(reminder, script, cast):
    """R-F2: nobody is asked to post what its author may not schedule any more."""
    Membership.objects.filter(user=cast.alice, group=cast.group).delete()
    assert (worked(reminder).state, reminder.reason_code) == ("held", "author_may_not")


def test_a_stop_holds_reminders_too(reminder, script, cast):
    """R-F10: in a crisis nobody is asked to post."""
    Stop.objects.create(
        account=cast.group.account, group=cast.group, reason="Crisis", set_by=cast.alice
    )
    assert worked(reminder).state == "held"


def test_late_it_is_told_all_the_same(reminder, script):
    late(reminder, 600)
    assert worked(reminder).state == "reminder"


def test_what_is_to_be_dropped_when_late_is_dropped(reminder, script):
    Post.objects.update(late_rule=LateRule.DROP, late_min=10)
    late(reminder, 60)
    assert worked(reminder).state == "cancelled"


def test_a_look_ahead_reminds_nobody_and_prepares_nothing(reminder, script):
    due = clock.now() + timedelta(minutes=5)
    Target.objects.filter(pk=reminder.pk).update(due_at=due, next_at=clock.now())
    assert (worked(reminder).state, script.calls) == ("scheduled", [])
    assert (reminder.next_at, Notice.objects.count()) == (due, 0)


# The plan, in the same breath


def test_what_the_plan_does_not_cover_at_its_time_is_a_reminder(
    target, script, paid_kind, cast
):
    """R-B7: also where nothing turned it into one beforehand."""
    set_plan(cast.group.account, "free")
    Target.objects.update(publish_by=PublishBy.AUTO, next_at=clock.now())
    assert (worked(target).state, target.reason_code) == ("reminder", "plan")
    assert script.calls == []
    assert (
        "The Free plan doesn't Auto Publish Fakebook stories"
        in Notice.objects.get(code="target.reminder").text
    )


def test_a_plan_that_covers_it_publishes(target, script, paid_kind, cast):
    set_plan(cast.group.account, "starter")
    assert worked(target).state == "published"


def test_the_rest_of_a_thread_follows_whatever_the_plan(
    target, script, paid_kind, cast
):
    """What is out in part can't be left half."""
    target.options = {"follow_ups": ["The rest"]}
    target.parts_out = [{"id": "r0", "url": "", "data": {}}]
    target.remote_id = "r0"
    target.save()
    set_plan(cast.group.account, "free")
    assert worked(target).state == "published"


def test_days_before_it_is_known(target, script, paid_kind, cast):
    """R-F9: a coming post that the plan won't Auto Publish is at risk, and told."""
    set_plan(cast.group.account, "free")
    due = clock.now() + timedelta(hours=20)
    Target.objects.update(publish_by="auto", due_at=due, next_at=clock.now())
    Notice.objects.all().delete()
    assert (worked(target).state, target.reason_code) == ("scheduled", "plan")
    assert "you will be reminded to post it by hand" in Notice.objects.get().text
