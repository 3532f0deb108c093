"""R-D4: what lies in a connection is told of the connection, not of each of its posts."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from core import clock
from notifications.models import Notice
from platforms.errors import AuthExpired
from profiles.actions import expiry
from profiles.actions.concern import GATHER
from profiles.actions.tell import tell_due
from profiles.models import Connection
from scheduling.models import Target
from tests.factories import PostFactory, TargetFactory
from tests.publishing.conftest import work_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def coming(cast, profile) -> Target:
    """Looked at now, to go out in twenty hours."""
    at = clock.now() + timedelta(hours=20)
    post = PostFactory(group=cast.group, author=cast.alice, scheduled_at=at)
    return TargetFactory(post=post, profile=profile, next_at=clock.now())


def told() -> list[Notice]:
    with time_machine.travel(clock.now() + GATHER):
        tell_due()
    return list(Notice.objects.order_by("pk"))


def test_a_sign_in_that_ends_before_a_post_is_told_once(coming, profile, cast):
    """To each of the group, with the post that is in danger."""
    ends = clock.now() + timedelta(hours=5)
    Connection.objects.update(ends_at=ends, warn_at=clock.now())
    expiry.look_at_ends()
    work_off()
    notices = told()
    assert {notice.user for notice in notices} == {cast.alice, cast.bob}
    assert len(notices) == 2
    assert "1 scheduled post is in danger:" in notices[0].text


def test_a_dead_sign_in_found_by_a_look_is_told_once(coming, script, profile, cast):
    script.prepare = [AuthExpired("The password was changed.")]
    Target.objects.update(due_at=clock.now() + timedelta(minutes=10))
    work_off()
    assert Connection.objects.get().state == "refresh_needed"
    notices = told()
    assert [notice.code for notice in notices] == ["connection.broken"] * 2
    coming.refresh_from_db()
    assert coming.reason == "The password was changed."


def test_a_risk_of_the_post_itself_is_told_as_ever(coming):
    coming.post.text = "x" * 600
    coming.post.save()
    work_off()
    assert [notice.code for notice in told()] == ["risk.text_too_long"]
