"""What is older than 90 days goes by itself, and nothing younger (R-I3)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from accounts.audit import AuditEntry, Deed, record
from accounts.former import nobody
from accounts.models import User
from core import clock
from leaving.actions.leave import delete_person
from leaving.actions.purge import BATCH, purge
from notifications.actions import notify
from notifications.models import Notice
from profiles.models import ConnectionEvent
from publishing.models import Attempt, Outcome, Step
from scheduling.models import Post, PostEvent
from tests.factories import PostFactory, ProfileFactory, TargetFactory

pytestmark = pytest.mark.django_db


def ago(days: float):
    return clock.now() - timedelta(days=days)


@pytest.fixture
def target(cast):
    profile = ProfileFactory(group=cast.group, social_set=cast.social_set)
    post = PostFactory(group=cast.group, author=cast.alice)
    return TargetFactory(post=post, profile=profile)


def attempts(target, *days: float) -> None:
    Attempt.objects.bulk_create(
        Attempt(
            target=target, fence=1, step=Step.CHECK, outcome=Outcome.OK, at=ago(each)
        )
        for each in days
    )


def test_attempts_are_kept_for_90_days(target):
    """R-I3: the post and its own history stay."""
    attempts(target, 120, 90.1, 89.9, 0)
    PostEvent.objects.create(post=target.post, kind="created", text="x", at=ago(200))
    assert purge()["publishing.Attempt"] == 2
    assert Attempt.objects.count() == 2
    assert PostEvent.objects.count() == Post.objects.count() == 1


@pytest.mark.parametrize("count", [BATCH.size, BATCH.size + 1])
def test_all_old_ones_go_in_one_run_of_batches(target, count):
    """R-I3: also where the last batch is exactly full."""
    attempts(target, *[100] * count, 1)
    assert purge()["publishing.Attempt"] == count
    assert Attempt.objects.count() == 1


def test_notices_and_the_history_of_connections_too(target, cast):
    old = notify(user=cast.bob, code="a", title="old", text="", path="/")
    notify(user=cast.bob, code="b", title="new", text="", path="/")
    Notice.objects.filter(pk=old.pk).update(created_at=ago(91))
    for days in (91, 1):
        ConnectionEvent.objects.create(
            connection=target.profile.connection, after="x", cause="y", at=ago(days)
        )
    gone = purge()
    assert (gone["notifications.Notice"], gone["profiles.ConnectionEvent"]) == (1, 1)
    assert list(Notice.objects.values_list("title", flat=True)) == ["new"]


def test_what_a_person_deleted_is_gone_90_days_later(target):
    """R-I3: its row was kept for its story."""
    Post.objects.update(deleted_at=ago(89))
    assert "scheduling.Post" not in purge()
    Post.objects.update(deleted_at=ago(91))
    assert purge()["scheduling.Post"] == 1


def test_the_audit_trail_goes_by_its_own_way(cast):
    """R-I2: nobody else could delete from it."""
    record(Deed("staff.viewed"), actor=cast.dana)
    assert "accounts.AuditEntry" not in purge()
    assert AuditEntry.objects.count() == 1


def test_sessions_that_are_over_go(cast, bob):
    bob.get("/")
    Session.objects.create(session_key="o" * 32, expire_date=ago(1))
    assert purge()["sessions.Session"] == 1
    assert Session.objects.count() == 1


def test_a_former_member_stays_as_long_as_something_tells_of_them(target, cast):
    target.post.author = cast.bob
    target.post.save()
    target.delete()
    delete_person(person=cast.bob, heirs={})
    unused = nobody()
    assert purge()["accounts.User"] == 1
    assert not User.objects.filter(pk=unused.pk).exists()
    assert str(Post.objects.get().author) == "Former member"


def test_twice_is_once(target):
    attempts(target, 100)
    assert purge() == {"publishing.Attempt": 1}
    assert purge() == {}
